package dev.orderflow.payment.operation;

import dev.orderflow.contracts.value.UuidV7;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.idempotency.RequestFingerprint;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.payment.domain.OperationCommand;
import dev.orderflow.payment.domain.Payment;
import dev.orderflow.payment.domain.PaymentDecision;
import dev.orderflow.payment.domain.PaymentDecision.CallGateway;
import dev.orderflow.payment.domain.PaymentDecision.CompleteOperation;
import dev.orderflow.payment.domain.PaymentDecision.RefuseOperation;
import dev.orderflow.payment.domain.PaymentState.Requested;
import dev.orderflow.payment.domain.PaymentState.Voided;
import dev.orderflow.payment.domain.PaymentStateMachine;
import dev.orderflow.payment.operation.PaymentOperations.StoredOperation;
import dev.orderflow.payment.operation.PaymentResult.OperationCompleted;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Begins, continues and releases operations. Each method runs one transaction that locks the
/// payment; none calls the gateway.
@Component
final class OperationLifecycle {

    /// Another transaction may store the same payment or the same key at the same time. Then the
    /// insert fails, and the next attempt reads what the other transaction has stored.
    private static final int BEGIN_ATTEMPTS = 3;

    private static final Duration STATUS_CHECK_DELAY = Duration.ofSeconds(1);

    private final Payments payments;
    private final PaymentOperations operations;
    private final PaymentStore store;
    private final TransactionOperations transactions;
    private final PaymentProperties properties;
    private final OrderIncidents incidents;

    OperationLifecycle(
            Payments payments,
            PaymentOperations operations,
            PaymentStore store,
            TransactionOperations transactions,
            PaymentProperties properties,
            OrderIncidents incidents) {
        this.payments = payments;
        this.operations = operations;
        this.store = store;
        this.transactions = transactions;
        this.properties = properties;
        this.incidents = incidents;
    }

    /// A request with the lease holder that works on it.
    ///
    /// @param operator the operator who sent it; null for the workflow
    record PaymentOperation(
            OperationCommand command,
            String key,
            RequestFingerprint fingerprint,
            @Nullable Operator operator,
            UUID holder) {

        UUID orderId() {
            return command.orderId();
        }
    }

    /// What follows a transaction.
    sealed interface NextStep {

        /// Respond to the caller.
        record Respond(PaymentResult result) implements NextStep {}

        /// Call the gateway.
        ///
        /// @param resumed whether an earlier attempt may have called the gateway already
        record Proceed(Payment payment, boolean resumed) implements NextStep {}
    }

    /// Begins an operation, or finds the stored one of its idempotency key.
    NextStep begin(PaymentOperation operation) {
        for (int attempt = 1; ; attempt++) {
            try {
                return Objects.requireNonNull(
                        transactions.execute(_ -> beginInTransaction(operation)));
            } catch (DataIntegrityViolationException failure) {
                if (attempt == BEGIN_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    private NextStep beginInTransaction(PaymentOperation operation) {
        var payment = payments.findForUpdate(operation.orderId());
        var earlier = operations.findByKey(operation.key());
        if (earlier.isEmpty()) {
            return beginNew(operation, payment);
        }
        var stored = earlier.get();
        if (!stored.matches(operation.command(), operation.fingerprint())) {
            return new NextStep.Respond(new PaymentResult.IdempotencyKeyReused());
        }
        if (payment.isEmpty()) {
            // Another transaction committed between the two reads; both rows are visible now.
            return beginInTransaction(operation);
        }
        return resume(operation, payment.get(), stored);
    }

    private NextStep resume(PaymentOperation operation, Payment payment, StoredOperation stored) {
        if (stored.result() != null) {
            return new NextStep.Respond(
                    new OperationCompleted(
                            payment.paymentId(), payment.orderId(), stored.result(), true));
        }
        if (stored.leased()) {
            incidents.record(
                    operation.orderId(),
                    OrderIncidentType.REQUEST_REPEATED,
                    operation.key(),
                    "The %s was requested again while the first request was in progress."
                            .formatted(stored.type()));
            return new NextStep.Respond(new PaymentResult.RequestInFlight());
        }
        operations.takeOverLease(operation.key(), operation.holder(), properties.lease());
        incidents.record(
                operation.orderId(),
                OrderIncidentType.ATTEMPT_RESUMED,
                operation.key(),
                "An earlier attempt of the %s ended without a result; it was continued."
                        .formatted(stored.type()));
        return continueOperation(operation, payment, payment);
    }

    private NextStep beginNew(PaymentOperation operation, Optional<Payment> earlier) {
        var command = operation.command();
        var decision =
                PaymentStateMachine.decide(earlier.orElse(null), command, operation.key(), false);
        if (decision instanceof RefuseOperation(var refusal)) {
            return new NextStep.Respond(
                    new PaymentResult.PaymentRefused(refusal, earlier.orElse(null)));
        }
        var payment = earlier.orElseGet(() -> newPayment(command));
        if (earlier.isEmpty() && !payments.add(payment)) {
            return beginInTransaction(operation);
        }
        operations.begin(
                operation.key(),
                operation.orderId(),
                command.type(),
                operation.fingerprint(),
                operation.operator(),
                operation.holder(),
                properties.lease());
        return applyDecision(operation, payment, payment, decision, false);
    }

    private static Payment newPayment(OperationCommand command) {
        var paymentId = UuidV7.create(Instant.now());
        return command
                        instanceof
                        OperationCommand.AuthorizeCommand(
                                var order,
                                var customer,
                                var _,
                                var amount)
                ? new Payment(order, paymentId, customer, amount, new Requested(), 1)
                : new Payment(command.orderId(), paymentId, null, null, new Voided(null), 1);
    }

    /// Changes the payment of an operation and decides how the operation continues.
    ///
    /// @param change gets the stored payment, which is locked
    NextStep changePayment(PaymentOperation operation, UnaryOperator<Payment> change) {
        return inTransaction(
                operation, stored -> continueOperation(operation, stored, change.apply(stored)));
    }

    /// Runs a step with the locked payment of an operation, in a transaction.
    NextStep inTransaction(PaymentOperation operation, Function<Payment, NextStep> step) {
        return Objects.requireNonNull(
                transactions.execute(
                        _ ->
                                step.apply(
                                        payments.findForUpdate(operation.orderId())
                                                .orElseThrow())));
    }

    /// Decides how an operation continues, in the caller's transaction.
    ///
    /// @param stored the payment as it is stored
    /// @param now the payment as it shall be stored
    NextStep continueOperation(PaymentOperation operation, Payment stored, Payment now) {
        var decision = PaymentStateMachine.decide(now, operation.command(), operation.key(), true);
        return applyDecision(operation, stored, now, decision, true);
    }

    private NextStep applyDecision(
            PaymentOperation operation,
            Payment stored,
            Payment now,
            PaymentDecision decision,
            boolean resumed) {
        return switch (decision) {
            case CompleteOperation(var after, var result) -> {
                store.save(stored, now.withState(after));
                yield new NextStep.Respond(
                        new OperationCompleted(
                                now.paymentId(),
                                now.orderId(),
                                operations.complete(operation.key(), result),
                                false));
            }
            case RefuseOperation(var refusal) -> {
                store.save(stored, now);
                operations.releaseLease(operation.key(), operation.holder());
                yield new NextStep.Respond(new PaymentResult.PaymentRefused(refusal, now));
            }
            case CallGateway(var before) -> {
                var beforeCall = now.withState(before);
                store.saveBeforeCall(stored, beforeCall);
                yield new NextStep.Proceed(beforeCall, resumed);
            }
        };
    }

    /// Releases the lease of an operation without a result, so that the next request or the
    /// reconciler can continue it at once.
    NextStep release(PaymentOperation operation, PaymentResult result) {
        transactions.executeWithoutResult(
                _ -> {
                    operations.releaseLease(operation.key(), operation.holder());
                    store.scheduleStatusCheck(operation.orderId(), STATUS_CHECK_DELAY);
                });
        return new NextStep.Respond(result);
    }

    /// Schedules the retrieval of the status in a moment, in the caller's transaction.
    void scheduleStatusCheck(PaymentOperation operation) {
        store.scheduleStatusCheck(operation.orderId(), STATUS_CHECK_DELAY);
    }
}
