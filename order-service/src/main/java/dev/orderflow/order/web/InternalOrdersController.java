package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.order.cancellation.DispatchPermitService;
import dev.orderflow.order.domain.DeliveryDetails;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.domain.RejectionReason;
import dev.orderflow.order.domain.TimelineEntry;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What our own services and operators ask about orders. Personal data leaves here at the moment of
/// its use, and only what that use needs.
@RestController
@RequestMapping(path = "/internal/orders/{orderId}", produces = "application/json")
class InternalOrdersController {

    private final Orders orders;
    private final DispatchPermitService permits;

    InternalOrdersController(Orders orders, DispatchPermitService permits) {
        this.orders = orders;
        this.permits = permits;
    }

    /// The leave to hand the parcel over, and where to.
    record DispatchPermitView(
            UUID orderId,
            String recipient,
            ShippingAddressView address,
            List<DispatchPermitLine> lines) {

        static DispatchPermitView of(Order order, DeliveryDetails delivery) {
            return new DispatchPermitView(
                    order.id(),
                    delivery.recipient(),
                    new ShippingAddressView(
                            delivery.street(),
                            delivery.postalCode(),
                            delivery.city(),
                            delivery.country()),
                    order.lines().stream()
                            .map(
                                    line ->
                                            new DispatchPermitLine(
                                                    line.sku().value(), line.quantity()))
                            .toList());
        }

        /// Leaves out where to.
        @Override
        public String toString() {
            return "Permit[" + orderId + "]";
        }
    }

    /// @param postalCode absent where addresses do without
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ShippingAddressView(
            String street, @Nullable String postalCode, String city, String country) {

        /// Leaves everything out.
        @Override
        public String toString() {
            return "Address[…]";
        }
    }

    record DispatchPermitLine(String sku, int quantity) {}

    /// Whom to write to about an order.
    record ContactView(UUID orderId, String email, String name) {

        /// Leaves out whom.
        @Override
        public String toString() {
            return "Contact[" + orderId + "]";
        }
    }

    /// An order as operators see it, with all of its timeline.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperatorOrderView(
            UUID orderId,
            String customerRef,
            String state,
            @Nullable RejectionReason reason,
            int version,
            List<OrderView.OrderLineView> lines,
            AmountView total,
            Instant placedAt,
            boolean needsAttention,
            @Nullable String attention,
            List<OperatorTimelineEntryView> timeline) {

        static OperatorOrderView of(Order order, List<TimelineEntry> timeline) {
            return new OperatorOrderView(
                    order.id(),
                    order.customer().value(),
                    order.state().code(),
                    order.state().rejectionReason().orElse(null),
                    order.state().version(),
                    order.lines().stream().map(OrderView.OrderLineView::of).toList(),
                    AmountView.of(order.total()),
                    order.placedAt(),
                    order.attention().isPresent(),
                    order.attention().orElse(null),
                    timeline.stream().map(OperatorTimelineEntryView::of).toList());
        }
    }

    /// A line of the timeline with what it did to the order.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperatorTimelineEntryView(
            Instant at,
            String type,
            String state,
            TimelineEntry.TimelineEffect effect,
            @Nullable String reason) {

        static OperatorTimelineEntryView of(TimelineEntry occurrence) {
            return new OperatorTimelineEntryView(
                    occurrence.at(),
                    occurrence.type(),
                    occurrence.state().code(),
                    occurrence.effect(),
                    occurrence.detail().orElse(null));
        }
    }

    @GetMapping
    OperatorOrderView order(@PathVariable UUID orderId) {
        return orders.find(orderId)
                .map(order -> OperatorOrderView.of(order, orders.timeline(orderId)))
                .orElseThrow(() -> OrderProblems.unknownOrder(orderId));
    }

    @GetMapping("/contact")
    ContactView contact(@PathVariable UUID orderId) {
        var delivery = findDeliveryDetails(orderId);
        return new ContactView(orderId, delivery.email(), delivery.recipient());
    }

    @PostMapping("/dispatch-permit")
    DispatchPermitView dispatchPermit(@PathVariable UUID orderId) {
        return switch (permits.requestPermit(orderId)) {
            case DispatchPermitService.DispatchPermitResult.Permitted(var order) ->
                    DispatchPermitView.of(order, findDeliveryDetails(orderId));
            case DispatchPermitService.DispatchPermitResult.Denied(var now) ->
                    throw OrderProblems.dispatchDenied(orderId, now);
            case DispatchPermitService.DispatchPermitResult.UnknownOrder _ ->
                    throw OrderProblems.unknownOrder(orderId);
        };
    }

    /// Of an order that is still open it is never gone. One that was permitted a moment ago may
    /// have ended since; who asks for the permit again hears that.
    private DeliveryDetails findDeliveryDetails(UUID orderId) {
        return switch (orders.findPersonalData(orderId)
                .orElseThrow(() -> OrderProblems.unknownOrder(orderId))) {
            case PersonalData.AvailablePersonalData(var delivery, var _) -> delivery;
            case PersonalData.ErasedPersonalData(var at) ->
                    throw OrderProblems.personalDataErased(orderId, at);
        };
    }
}
