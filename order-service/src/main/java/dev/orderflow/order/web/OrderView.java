package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.OrderLine;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.domain.TimelineEntry;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An order as its customer sees it. It holds no personal data, since answers are kept for repeats.
///
/// @param reason why it was rejected
/// @param needsAttention whether a person on our side has to look at it
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Order")
record OrderView(
        UUID orderId,
        @Schema(
                        description = "Where the order is in its life.",
                        allowableValues = {
                            "PENDING",
                            "CONFIRMED",
                            "DISPATCHING",
                            "SHIPPED",
                            "REJECTED",
                            "CANCEL_REQUESTED",
                            "CANCELLED"
                        })
                String state,
        @Nullable RejectionReason reason,
        @Schema(description = "1 placed, 2 under way, 3 final") int version,
        List<OrderLineView> lines,
        AmountView total,
        Instant placedAt,
        boolean needsAttention,
        List<TimelineEntryView> timeline) {

    /// A line at the name and price it was ordered at.
    @Schema(name = "OrderLine")
    record OrderLineView(
            String sku, String name, int quantity, AmountView unitPrice, AmountView price) {

        static OrderLineView of(OrderLine line) {
            return new OrderLineView(
                    line.sku().value(),
                    line.name(),
                    line.quantity(),
                    AmountView.of(line.unitPrice()),
                    AmountView.of(line.price()));
        }
    }

    /// What happened to the order.
    ///
    /// @param at when it happened
    /// @param state where the order was afterwards
    /// @param reason why, when there is a reason to give
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "TimelineEntry")
    record TimelineEntryView(
            Instant at,
            @Schema(example = "OrderConfirmed") String type,
            String state,
            @Nullable String reason) {

        static TimelineEntryView of(TimelineEntry occurrence) {
            return new TimelineEntryView(
                    occurrence.at(),
                    occurrence.type(),
                    occurrence.state().code(),
                    occurrence.detail().orElse(null));
        }
    }

    /// The view of an order with what its customer may know of the timeline: what contradicted or
    /// failed inside is for operators.
    static OrderView of(Order order, List<TimelineEntry> occurrences) {
        return new OrderView(
                order.id(),
                order.state().code(),
                order.state().rejectionReason().orElse(null),
                order.state().version(),
                order.lines().stream().map(OrderLineView::of).toList(),
                AmountView.of(order.total()),
                order.placedAt(),
                order.attention().isPresent(),
                Stream.concat(
                                Stream.of(placedEntry(order)),
                                occurrences.stream()
                                        .filter(OrderView::isVisibleToCustomer)
                                        .map(TimelineEntryView::of))
                        .toList());
    }

    static TimelineEntryView placedEntry(Order order) {
        return new TimelineEntryView(order.placedAt(), "OrderPlaced", "PENDING", null);
    }

    private static boolean isVisibleToCustomer(TimelineEntry occurrence) {
        return switch (occurrence.effect()) {
            case MOVED, LATE -> true;
            case OUT_OF_ORDER, FLAGGED -> false;
        };
    }
}
