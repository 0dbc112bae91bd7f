package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.PaymentOperationType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/// What operators see of payments.
///
/// - `orderflow.payment.outcomes`, by `operation` and `outcome`: each request that was worked on,
/// not replays
/// - `orderflow.payment.unknown`: payments whose outcome is open for longer than a request takes
/// - `orderflow.payment.key.reused`: a key came with another request; one is one too many
/// - `orderflow.payment.contradictions`: the gateway reported what cannot be; one is one too many
@Component
final class PaymentMeters {

    private final MeterRegistry meters;
    private final Counter keyReused;
    private final Counter contradictions;
    private final AtomicLong unknown = new AtomicLong();

    PaymentMeters(MeterRegistry meters) {
        this.meters = meters;
        this.keyReused = meters.counter("orderflow.payment.key.reused");
        this.contradictions = meters.counter("orderflow.payment.contradictions");
        Gauge.builder("orderflow.payment.unknown", unknown, AtomicLong::get).register(meters);
    }

    void count(PaymentOperationType operation, PaymentResult reply) {
        switch (reply) {
            case PaymentResult.OperationCompleted answered when !answered.replayed() ->
                    countOutcome(operation, name(answered.result()));
            case PaymentResult.OperationCompleted _, PaymentResult.RequestInFlight _ -> {}
            case PaymentResult.IdempotencyKeyReused _ -> keyReused.increment();
            case PaymentResult.PaymentRefused _ -> countOutcome(operation, "refused");
            case PaymentResult.GatewayRefused _ -> countOutcome(operation, "gateway-refused");
            case PaymentResult.OutcomeUnknown _ -> countOutcome(operation, "unknown");
            case PaymentResult.GatewayUnavailable _ ->
                    countOutcome(operation, "gateway-unavailable");
        }
    }

    void countContradiction() {
        contradictions.increment();
    }

    /// The reconciler settled something that had been open.
    void countReconciled(PaymentOperationType operation) {
        countOutcome(operation, "settled-late");
    }

    void setUnknownOutcomes(long open) {
        unknown.set(open);
    }

    private void countOutcome(PaymentOperationType operation, String outcome) {
        meters.counter(
                        "orderflow.payment.outcomes",
                        "operation",
                        operation.name().toLowerCase(Locale.ROOT),
                        "outcome",
                        outcome)
                .increment();
    }

    private static String name(OperationResult answer) {
        return switch (answer) {
            case OperationResult.OperationSucceeded(var status, var _) ->
                    status.name().toLowerCase(Locale.ROOT);
            case OperationResult.RefundSucceeded _ -> "refunded";
            case OperationResult.AuthorizationDeclined _ -> "declined";
            case OperationResult.AlreadyVoided _ -> "voided-before";
            case OperationResult.AlreadyCaptured _ -> "captured-before";
        };
    }
}
