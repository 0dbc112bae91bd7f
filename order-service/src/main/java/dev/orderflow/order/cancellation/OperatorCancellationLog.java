package dev.orderflow.order.cancellation;

import dev.orderflow.defaults.operators.Operator;
import java.util.UUID;

/// The append-only log of cancellations that people requested on behalf of customers.
public interface OperatorCancellationLog {

    /// How a request was answered.
    enum OperatorCancellationResult {
        /// The order was cancelled by this request.
        ACCEPTED,
        /// The order had been cancelled before; nothing changed.
        ALREADY_CANCELLED,
        /// The order could no longer be cancelled; nothing changed.
        TOO_LATE
    }

    /// Appends a request with its result, in the caller's transaction. A request that the same
    /// person repeats with the same reason stays one entry, with the first result.
    void append(UUID orderId, Operator operator, String reason, OperatorCancellationResult result);
}
