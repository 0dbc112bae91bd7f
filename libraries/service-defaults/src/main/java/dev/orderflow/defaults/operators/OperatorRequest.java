package dev.orderflow.defaults.operators;

import org.jspecify.annotations.Nullable;

/// The request of an operator that is being handled, as the table `operator_action` has it.
public final class OperatorRequest {

    private final @Nullable OperatorActionLog log;
    private final long id;

    OperatorRequest(@Nullable OperatorActionLog log, long id) {
        this.log = log;
        this.id = id;
    }

    /// A request that is not recorded, because a machine sent it or because there is no database.
    public static OperatorRequest unrecorded() {
        return new OperatorRequest(null, 0);
    }

    /// Says more about the request before it is executed. It is committed when this returns, or
    /// with the transaction in which it is called.
    ///
    /// @param subject what the request changes: an order, an article, a customer
    /// @param reason why, as the operator wrote it; null when the endpoint takes no reason
    /// @param detail what the action does not say: an amount, a decision
    public void describe(String subject, @Nullable String reason, @Nullable String detail) {
        if (log != null) {
            log.describe(id, subject, reason, detail);
        }
    }

    /// Records how the request was answered.
    ///
    /// @param repeated whether the response was that of an earlier request with the same
    ///     idempotency key
    public void recordResponse(int status, boolean repeated) {
        if (log != null) {
            log.recordResponse(id, status, repeated);
        }
    }

    /// The id of its row.
    @Override
    public String toString() {
        return Long.toString(id);
    }
}
