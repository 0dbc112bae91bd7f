package dev.orderflow.order.access;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.access.OperatorAccessLog.OperatorAction;
import dev.orderflow.order.cancellation.CancellationService;
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

/// Reads and cancels orders on behalf of an authenticated caller.
@Component
public class OrderAccessService {

    private static final Logger log = LoggerFactory.getLogger(OrderAccessService.class);

    private final Orders orders;
    private final CancellationService cancellation;
    private final OperatorAccessLog accessLog;

    OrderAccessService(
            Orders orders, CancellationService cancellation, OperatorAccessLog accessLog) {
        this.orders = orders;
        this.cancellation = cancellation;
        this.accessLog = accessLog;
    }

    /// Finds an order that the caller may read.
    public Optional<Order> find(UUID orderId, Caller caller) {
        return orders.find(orderId)
                .filter(order -> isAllowed(caller, order.customer(), OperatorAction.READ, orderId));
    }

    /// Cancels an order that the caller may cancel.
    @Transactional
    public CancellationService.CancelOrderResult cancel(
            UUID orderId, Caller caller, @Nullable String traceparent) {
        return orders.findState(orderId)
                .map(Orders.OrderStateAndCustomer::customer)
                .filter(customer -> isAllowed(caller, customer, OperatorAction.CANCEL, orderId))
                .map(customer -> cancellation.cancel(orderId, customer, traceparent))
                .orElseGet(CancellationService.CancelOrderResult.UnknownOrder::new);
    }

    private boolean isAllowed(
            Caller caller, CustomerRef customer, OperatorAction action, UUID orderId) {
        if (caller.subject().equals(customer)) {
            return true;
        }
        if (!caller.operator()) {
            return false;
        }
        accessLog.append(caller.subject(), action, orderId);
        log.info("operator {}: access {} to order {}", caller.subject(), action, orderId);
        return true;
    }
}
