package dev.orderflow.operations.pages;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Orders that match a filter.
///
/// @param filter the values of the filter by parameter
/// @param next the address of the next page; empty on the last
public record OrdersPage(
        PageContext context,
        Map<String, String> filter,
        List<ListedOrder> orders,
        Optional<String> next) {

    /// The states of orders, as order-service names them.
    public static final List<String> STATES =
            List.of(
                    "PENDING",
                    "CONFIRMED",
                    "DISPATCHING",
                    "CANCEL_REQUESTED",
                    "SHIPPED",
                    "REJECTED",
                    "CANCELLED");

    /// A found order.
    ///
    /// @param reason of a rejection; empty for none
    /// @param workItems the kinds of its open work items
    public record ListedOrder(
            String orderId,
            String customerRef,
            String state,
            String reason,
            String total,
            Instant placedAt,
            List<String> workItems) {}

    /// A saved view.
    ///
    /// @param query the query of its address
    public record SavedView(String label, String query) {}

    /// Views that answer frequent questions.
    public static final List<SavedView> VIEWS =
            List.of(
                    new SavedView("All", ""),
                    new SavedView("Need attention", "?workItem=ANY"),
                    new SavedView("Stuck", "?workItem=STUCK"),
                    new SavedView("Pending", "?state=PENDING"),
                    new SavedView("Dispatching", "?state=DISPATCHING"),
                    new SavedView("Rejected", "?state=REJECTED"));

    /// A value of the filter.
    public String value(String parameter) {
        return filter.getOrDefault(parameter, "");
    }
}
