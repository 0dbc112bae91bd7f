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

/// An order for its customer. It contains no personal data because responses are stored for
/// repeated requests.
///
/// @param reason the rejection reason; absent in every other state
/// @param needsAttention whether the order has an open work item for our operators
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Order")
record OrderView(
        UUID orderId,
        @Schema(
                        description = "The state of the order.",
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
        @Schema(description = "1 placed, 2 in progress, 3 final") int version,
        List<OrderLineView> lines,
        AmountView total,
        Instant placedAt,
        boolean needsAttention,
        List<TimelineEntryView> timeline) {

    /// An order line with the article's name and price at the time of the order.
    @Schema(name = "OrderLine")
    record OrderLineView(
            String sku, String name, int quantity, AmountView unitPrice, AmountView linePrice) {

        static OrderLineView of(OrderLine line) {
            return new OrderLineView(
                    line.sku().value(),
                    line.name(),
                    line.quantity(),
                    AmountView.of(line.unitPrice()),
                    AmountView.of(line.linePrice()));
        }
    }

    /// A timeline entry.
    ///
    /// @param at when it happened
    /// @param type what happened
    /// @param state the state of the order afterwards
    /// @param reason the reason, if there is one
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "TimelineEntry")
    record TimelineEntryView(
            Instant at,
            @Schema(example = "OrderConfirmed") String type,
            String state,
            @Nullable String reason) {

        static TimelineEntryView of(TimelineEntry entry) {
            return new TimelineEntryView(
                    entry.at(), entry.type(), entry.state().code(), entry.detail().orElse(null));
        }
    }

    /// Creates the view with the timeline entries that are visible to the customer; contradictions
    /// and internal failures are for operators only.
    static OrderView of(Order order, List<TimelineEntry> entries) {
        return new OrderView(
                order.id(),
                order.state().code(),
                order.state().rejectionReason().orElse(null),
                order.state().version(),
                order.lines().stream().map(OrderLineView::of).toList(),
                AmountView.of(order.total()),
                order.placedAt(),
                order.workItemReason().isPresent(),
                Stream.concat(
                                Stream.of(placedEntry(order)),
                                entries.stream()
                                        .filter(OrderView::isVisibleToCustomer)
                                        .map(TimelineEntryView::of))
                        .toList());
    }

    static TimelineEntryView placedEntry(Order order) {
        return new TimelineEntryView(order.placedAt(), "OrderPlaced", "PENDING", null);
    }

    private static boolean isVisibleToCustomer(TimelineEntry entry) {
        return switch (entry.effect()) {
            case MOVED, LATE -> true;
            case OUT_OF_ORDER, FLAGGED -> false;
        };
    }
}
