package dev.orderflow.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
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

/// The internal API of orders for the other services and operators. It returns personal data only
/// at the moment of its use, and only the fields that the use needs.
@RestController
@RequestMapping(path = "/internal/orders/{orderId}", produces = "application/json")
class InternalOrdersController {

    private final Orders orders;
    private final DispatchPermitService permits;

    InternalOrdersController(Orders orders, DispatchPermitService permits) {
        this.orders = orders;
        this.permits = permits;
    }

    /// The dispatch permit with the delivery address.
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

        /// Omits the address.
        @Override
        public String toString() {
            return "DispatchPermitView[" + orderId + "]";
        }
    }

    /// @param postalCode absent in countries without postal codes
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ShippingAddressView(
            String street, @Nullable String postalCode, String city, String country) {

        /// Omits all values.
        @Override
        public String toString() {
            return "ShippingAddressView[…]";
        }
    }

    record DispatchPermitLine(String sku, int quantity) {}

    /// The e-mail address and name for notifications about an order.
    record ContactView(UUID orderId, String email, String name) {

        /// Omits the e-mail address and the name.
        @Override
        public String toString() {
            return "ContactView[" + orderId + "]";
        }
    }

    /// An order for operators, with its whole timeline.
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
            @Nullable String workItemReason,
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
                    order.workItemReason().isPresent(),
                    order.workItemReason().orElse(null),
                    timeline.stream().map(OperatorTimelineEntryView::of).toList());
        }
    }

    /// A timeline entry with its effect on the order.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperatorTimelineEntryView(
            Instant at,
            String type,
            String state,
            TimelineEntry.TimelineEffect effect,
            @Nullable String reason) {

        static OperatorTimelineEntryView of(TimelineEntry entry) {
            return new OperatorTimelineEntryView(
                    entry.at(),
                    entry.type(),
                    entry.state().code(),
                    entry.effect(),
                    entry.detail().orElse(null));
        }
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    OperatorOrderView order(@PathVariable UUID orderId) {
        return orders.find(orderId)
                .map(order -> OperatorOrderView.of(order, orders.timeline(orderId)))
                .orElseThrow(() -> OrderProblems.unknownOrder(orderId));
    }

    @ForMachines
    @GetMapping("/contact")
    ContactView contact(@PathVariable UUID orderId) {
        var delivery = findDeliveryDetails(orderId);
        return new ContactView(orderId, delivery.email(), delivery.recipient());
    }

    @ForMachines
    @PostMapping("/dispatch-permit")
    DispatchPermitView dispatchPermit(@PathVariable UUID orderId) {
        return switch (permits.requestPermit(orderId)) {
            case DispatchPermitService.DispatchPermitResult.DispatchPermitted(var order) ->
                    DispatchPermitView.of(order, findDeliveryDetails(orderId));
            case DispatchPermitService.DispatchPermitResult.DispatchDenied(var state) ->
                    throw OrderProblems.dispatchDenied(orderId, state);
            case DispatchPermitService.DispatchPermitResult.UnknownOrder _ ->
                    throw OrderProblems.unknownOrder(orderId);
        };
    }

    /// The personal data of an open order is never erased. An order may become final and be erased
    /// after its permit was granted; then a repeated request for the permit is denied.
    private DeliveryDetails findDeliveryDetails(UUID orderId) {
        return switch (orders.findPersonalData(orderId)
                .orElseThrow(() -> OrderProblems.unknownOrder(orderId))) {
            case PersonalData.AvailablePersonalData(var delivery, var _) -> delivery;
            case PersonalData.ErasedPersonalData(var at) ->
                    throw OrderProblems.personalDataErased(orderId, at);
        };
    }
}
