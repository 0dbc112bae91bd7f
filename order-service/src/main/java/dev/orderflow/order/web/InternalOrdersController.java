package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.order.cancellation.DispatchPermits;
import dev.orderflow.order.domain.Delivery;
import dev.orderflow.order.domain.Occurrence;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import dev.orderflow.order.domain.RejectionReason;
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
    private final DispatchPermits permits;

    InternalOrdersController(Orders orders, DispatchPermits permits) {
        this.orders = orders;
        this.permits = permits;
    }

    /// The leave to hand the parcel over, and where to.
    record Permit(UUID orderId, String recipient, Address address, List<PermitLine> lines) {

        static Permit of(Order order, Delivery delivery) {
            return new Permit(
                    order.id(),
                    delivery.recipient(),
                    new Address(
                            delivery.street(),
                            delivery.postalCode(),
                            delivery.city(),
                            delivery.country()),
                    order.lines().stream()
                            .map(line -> new PermitLine(line.sku().value(), line.quantity()))
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
    record Address(String street, @Nullable String postalCode, String city, String country) {

        /// Leaves everything out.
        @Override
        public String toString() {
            return "Address[…]";
        }
    }

    record PermitLine(String sku, int quantity) {}

    /// Whom to write to about an order.
    record Contact(UUID orderId, String email, String name) {

        /// Leaves out whom.
        @Override
        public String toString() {
            return "Contact[" + orderId + "]";
        }
    }

    /// An order as operators see it, with all of its timeline.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FullView(
            UUID orderId,
            String customerRef,
            String state,
            @Nullable RejectionReason reason,
            int version,
            List<OrderView.LineView> lines,
            Amount total,
            Instant placedAt,
            boolean needsAttention,
            @Nullable String attention,
            List<Entry> timeline) {

        static FullView of(Order order, List<Occurrence> timeline) {
            return new FullView(
                    order.id(),
                    order.customer().value(),
                    order.state().code(),
                    order.state().rejection().orElse(null),
                    order.state().version(),
                    order.lines().stream().map(OrderView.LineView::of).toList(),
                    Amount.of(order.total()),
                    order.placedAt(),
                    order.attention().isPresent(),
                    order.attention().orElse(null),
                    timeline.stream().map(Entry::of).toList());
        }
    }

    /// A line of the timeline with what it did to the order.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            Instant at,
            String what,
            String state,
            Occurrence.Effect effect,
            @Nullable String reason) {

        static Entry of(Occurrence occurrence) {
            return new Entry(
                    occurrence.at(),
                    occurrence.what(),
                    occurrence.state().code(),
                    occurrence.effect(),
                    occurrence.detail().orElse(null));
        }
    }

    @GetMapping
    FullView order(@PathVariable UUID orderId) {
        return orders.find(orderId)
                .map(order -> FullView.of(order, orders.timeline(orderId)))
                .orElseThrow(() -> Refusals.unknownOrder(orderId));
    }

    @GetMapping("/contact")
    Contact contact(@PathVariable UUID orderId) {
        var delivery = delivery(orderId);
        return new Contact(orderId, delivery.email(), delivery.recipient());
    }

    @PostMapping("/dispatch-permit")
    Permit dispatchPermit(@PathVariable UUID orderId) {
        return switch (permits.ask(orderId)) {
            case DispatchPermits.Answer.Permitted(var order) -> Permit.of(order, delivery(orderId));
            case DispatchPermits.Answer.Denied(var now) -> throw Refusals.noPermit(orderId, now);
            case DispatchPermits.Answer.UnknownOrder _ -> throw Refusals.unknownOrder(orderId);
        };
    }

    /// Of an order that is still open it is never gone. One that was permitted a moment ago may
    /// have ended since; who asks for the permit again hears that.
    private Delivery delivery(UUID orderId) {
        return switch (orders.personalData(orderId)
                .orElseThrow(() -> Refusals.unknownOrder(orderId))) {
            case PersonalData.Held(var delivery, var _) -> delivery;
            case PersonalData.Erased(var at) -> throw Refusals.erased(orderId, at);
        };
    }
}
