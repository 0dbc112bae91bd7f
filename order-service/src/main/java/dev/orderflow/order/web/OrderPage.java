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
        List<Summary> orders,
        @Schema(description = "The cursor of the next page; absent on the last one.")
                @Nullable String next) {

    /// One order in a list.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "OrderSummary")
    record Summary(
            UUID orderId,
            String state,
            @Nullable RejectionReason reason,
            int version,
            Amount total,
            Instant placedAt) {

        static Summary of(OrderSummary order) {
            return new Summary(
                    order.id(),
                    order.state().code(),
                    order.state().rejection().orElse(null),
                    order.state().version(),
                    Amount.of(order.total()),
                    order.placedAt());
        }
    }

    /// @param found one more than the page has, when there is a next page
    static OrderPage of(List<OrderSummary> found, int limit) {
        var page = found.subList(0, Math.min(limit, found.size()));
        return new OrderPage(
                page.stream().map(Summary::of).toList(),
                found.size() > limit ? page.getLast().id().toString() : null);
    }
}
