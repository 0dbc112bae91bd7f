package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.order.domain.OrderSummary;
import dev.orderflow.order.domain.RejectionReason;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A page of a customer's orders.
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderPage(
        List<OrderSummaryView> orders,
        @Schema(description = "The cursor of the next page; absent on the last page.")
                @Nullable String next) {

    /// One order in a list.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "OrderSummary")
    record OrderSummaryView(
            UUID orderId,
            String state,
            @Nullable RejectionReason reason,
            int version,
            AmountView total,
            Instant placedAt) {

        static OrderSummaryView of(OrderSummary order) {
            return new OrderSummaryView(
                    order.id(),
                    order.state().code(),
                    order.state().rejectionReason().orElse(null),
                    order.state().version(),
                    AmountView.of(order.total()),
                    order.placedAt());
        }
    }

    /// @param found one more order than the limit if there is a next page
    static OrderPage of(List<OrderSummary> found, int limit) {
        var page = found.subList(0, Math.min(limit, found.size()));
        return new OrderPage(
                page.stream().map(OrderSummaryView::of).toList(),
                found.size() > limit ? page.getLast().id().toString() : null);
    }
}
