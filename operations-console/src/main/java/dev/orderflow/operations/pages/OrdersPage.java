package dev.orderflow.operations.pages;

import dev.orderflow.operations.orders.OrderSearchClient.OpenOrderAgesReport;
import dev.orderflow.operations.orders.OrderSearchClient.StateAges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Orders that match a filter.
///
/// @param filter the values of the filter by parameter
/// @param next the address of the next page; empty on the last
/// @param ages how long open orders have been in their state
public record OrdersPage(
        PageContext context,
        Map<String, String> filter,
        List<ListedOrder> orders,
        Optional<String> next,
        PagePart<OpenOrderAgesReport> ages) {

    /// The width of a bar of the histogram, and the height of the highest one, in pixels.
    public static final int BAR_WIDTH = 26;

    /// The height of the highest bar.
    public static final int BAR_HEIGHT = 46;

    /// A bar of the histogram.
    ///
    /// @param label the interval, such as `1 to 5 min`
    /// @param height in pixels
    /// @param isLate whether its orders have been in the state for longer than the limit
    public record AgeBar(String label, int count, int height, boolean isLate) {}

    /// The bars of a state. All states have the same scale.
    public List<AgeBar> barsOf(StateAges state) {
        var report = ages.value().orElseThrow();
        int most =
                report.states().stream()
                        .flatMap(it -> it.counts().stream())
                        .max(Comparator.naturalOrder())
                        .orElse(1);
        var bars = new ArrayList<AgeBar>();
        for (int i = 0; i < state.counts().size(); i++) {
            int count = state.counts().get(i);
            var from = i == 0 ? Duration.ZERO : report.bounds().get(i - 1);
            bars.add(
                    new AgeBar(
                            labelOf(report.bounds(), i),
                            count,
                            count == 0 ? 0 : Math.max(2, count * BAR_HEIGHT / Math.max(1, most)),
                            from.compareTo(state.limit()) >= 0));
        }
        return bars;
    }

    /// The address of the orders of a state.
    public static String linkOf(StateAges state) {
        return STATES.contains(state.state())
                ? "/orders?state=" + PageFormat.url(state.state())
                : "/approvals";
    }

    /// The intervals of the histogram.
    public List<String> intervals() {
        var bounds = ages.value().orElseThrow().bounds();
        return IntStream.rangeClosed(0, bounds.size()).mapToObj(i -> labelOf(bounds, i)).toList();
    }

    private static String labelOf(List<Duration> bounds, int interval) {
        if (interval == 0) {
            return "under " + PageFormat.duration(bounds.getFirst());
        }
        return interval == bounds.size()
                ? "over " + PageFormat.duration(bounds.getLast())
                : PageFormat.duration(bounds.get(interval - 1))
                        + " to "
                        + PageFormat.duration(bounds.get(interval));
    }

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
