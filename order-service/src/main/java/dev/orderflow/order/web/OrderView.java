package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.order.domain.Line;
import dev.orderflow.order.domain.Occurrence;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.RejectionReason;
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
        List<LineView> lines,
        Amount total,
        Instant placedAt,
        boolean needsAttention,
        List<Entry> timeline) {

    /// A line at the name and price it was ordered at.
    @Schema(name = "OrderLine")
    record LineView(String sku, String name, int quantity, Amount unitPrice, Amount price) {

        static LineView of(Line line) {
            return new LineView(
                    line.sku().value(),
                    line.name(),
                    line.quantity(),
                    Amount.of(line.unitPrice()),
                    Amount.of(line.price()));
        }
    }

    /// What happened to the order.
    ///
    /// @param at when it happened
    /// @param state where the order was afterwards
    /// @param reason why, when there is a reason to give
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "TimelineEntry")
    record Entry(
            Instant at,
            @Schema(example = "OrderConfirmed") String what,
            String state,
            @Nullable String reason) {

        static Entry of(Occurrence occurrence) {
            return new Entry(
                    occurrence.at(),
                    occurrence.what(),
                    occurrence.state().code(),
                    occurrence.detail().orElse(null));
        }
    }

    /// The view of an order with what its customer may know of the timeline: what contradicted or
    /// failed inside is for operators.
    static OrderView of(Order order, List<Occurrence> occurrences) {
        return new OrderView(
                order.id(),
                order.state().code(),
                order.state().rejection().orElse(null),
                order.state().version(),
                order.lines().stream().map(LineView::of).toList(),
                Amount.of(order.total()),
                order.placedAt(),
                order.attention().isPresent(),
                Stream.concat(
                                Stream.of(placed(order)),
                                occurrences.stream()
                                        .filter(OrderView::isForTheCustomer)
                                        .map(Entry::of))
                        .toList());
    }

    static Entry placed(Order order) {
        return new Entry(order.placedAt(), "OrderPlaced", "PENDING", null);
    }

    private static boolean isForTheCustomer(Occurrence occurrence) {
        return switch (occurrence.effect()) {
            case MOVED, LATE -> true;
            case OUT_OF_TURN, FLAGGED -> false;
        };
    }
}
