package dev.orderflow.order.access;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.access.OperatorTrail.Action;
import dev.orderflow.order.cancellation.Cancellation;
import dev.orderflow.order.domain.Caller;
import dev.orderflow.order.domain.Order;
import dev.orderflow.order.domain.Orders;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// The orders as one caller finds them.
@Component
public class OrderAccess {

    private static final Logger log = LoggerFactory.getLogger(OrderAccess.class);

    private final Orders orders;
    private final Cancellation cancellation;
    private final OperatorTrail trail;

    OrderAccess(Orders orders, Cancellation cancellation, OperatorTrail trail) {
        this.orders = orders;
        this.cancellation = cancellation;
        this.trail = trail;
    }

    /// An order, if it is one for this caller to see.
    public Optional<Order> find(UUID orderId, Caller caller) {
        return orders.find(orderId)
                .filter(order -> allows(caller, order.customer(), Action.READ, orderId));
    }

    /// Asks to cancel an order, which only its customer and operators can.
    @Transactional
    public Cancellation.Answer cancel(UUID orderId, Caller caller, @Nullable String traceparent) {
        return orders.standing(orderId)
                .map(Orders.Standing::customer)
                .filter(customer -> allows(caller, customer, Action.CANCEL, orderId))
                .map(customer -> cancellation.ask(orderId, customer, traceparent))
                .orElseGet(Cancellation.Answer.UnknownOrder::new);
    }

    private boolean allows(Caller caller, CustomerRef customer, Action action, UUID orderId) {
        if (caller.ref().equals(customer)) {
            return true;
        }
        if (!caller.operator()) {
            return false;
        }
        trail.note(caller.ref(), action, orderId);
        log.info("operator {}: {} order {}", caller.ref(), action, orderId);
        return true;
    }
}
