package dev.orderflow.order.cancellation;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.order.cancellation.CancellationService.CancelOrderResult;
import dev.orderflow.order.cancellation.OperatorCancellationLog.OperatorCancellationResult;
import dev.orderflow.order.domain.Orders;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Cancels orders for people who act on behalf of a customer, by the rules of the customer's own
/// cancellation.
@Component
public class OperatorCancellationService {

    private static final Logger log = LoggerFactory.getLogger(OperatorCancellationService.class);

    private final Orders orders;
    private final CancellationService cancellation;
    private final OperatorCancellationLog cancellationLog;

    OperatorCancellationService(
            Orders orders,
            CancellationService cancellation,
            OperatorCancellationLog cancellationLog) {
        this.orders = orders;
        this.cancellation = cancellation;
        this.cancellationLog = cancellationLog;
    }

    /// Requests the cancellation of any customer's order. The person, the reason and the result are
    /// stored in the same transaction: what cannot be recorded is not done. Repeating it changes
    /// nothing.
    ///
    /// @param reason why, on one line
    @Transactional
    public CancelOrderResult cancel(
            UUID orderId, Operator operator, String reason, @Nullable String traceparent) {
        var order = orders.findState(orderId);
        if (order.isEmpty()) {
            return new CancelOrderResult.UnknownOrder();
        }
        var result = cancellation.cancel(orderId, order.get().customer(), traceparent);
        switch (result) {
            case CancelOrderResult.CancellationAccepted(var _, boolean repeated) ->
                    record(
                            orderId,
                            operator,
                            reason,
                            repeated
                                    ? OperatorCancellationResult.ALREADY_CANCELLED
                                    : OperatorCancellationResult.ACCEPTED);
            case CancelOrderResult.TooLateToCancel _ ->
                    record(orderId, operator, reason, OperatorCancellationResult.TOO_LATE);
            case CancelOrderResult.UnknownOrder _ -> {}
        }
        return result;
    }

    private void record(
            UUID orderId, Operator operator, String reason, OperatorCancellationResult result) {
        cancellationLog.append(orderId, operator, reason, result);
        log.info(
                "operator {} requested the cancellation of order {}: {}",
                operator,
                orderId,
                result);
    }
}
