package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.OperationResult;
import dev.orderflow.payment.domain.PaymentOperationType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/// The meters of payments.
///
/// - `payments.outcomes`, by `operation` and `outcome`: completed and failed requests, without
///   replays
/// - `payments.unknown`: payments whose outcome is unknown for longer than a request takes
/// - `payments.key.reused`: requests with the key of a different request
/// - `payments.contradictions`: statuses of the gateway that contradict the stored payment
///
/// The last two are 0 in normal operation.
@Component
final class PaymentMeters {

    private final MeterRegistry meters;
    private final Counter keyReused;
    private final Counter contradictions;
    private final AtomicLong unknown = new AtomicLong();

    PaymentMeters(MeterRegistry meters) {
        this.meters = meters;
        this.keyReused = meters.counter("payments.key.reused");
        this.contradictions = meters.counter("payments.contradictions");
        Gauge.builder("payments.unknown", unknown, AtomicLong::get).register(meters);
    }

    void count(PaymentOperationType operation, PaymentResult result) {
        switch (result) {
            case PaymentResult.OperationCompleted completed when !completed.replayed() ->
                    countOutcome(operation, name(completed.result()));
            case PaymentResult.OperationCompleted _, PaymentResult.RequestInFlight _ -> {}
            case PaymentResult.IdempotencyKeyReused _ -> keyReused.increment();
            case PaymentResult.PaymentRefused _ -> countOutcome(operation, "refused");
            case PaymentResult.GatewayRefused _ -> countOutcome(operation, "gateway-refused");
            case PaymentResult.OutcomeUnknown _ -> countOutcome(operation, "unknown");
            case PaymentResult.GatewayUnavailable _, PaymentResult.IntentCreationUnknown _ ->
                    countOutcome(operation, "gateway-unavailable");
        }
    }

    void countContradiction() {
        contradictions.increment();
    }

    /// Counts an unknown outcome that the reconciler has resolved.
    void countReconciled(PaymentOperationType operation) {
        countOutcome(operation, "reconciled");
    }

    void setUnknownOutcomes(long count) {
        unknown.set(count);
    }

    private void countOutcome(PaymentOperationType operation, String outcome) {
        meters.counter(
                        "payments.outcomes",
                        "operation",
                        operation.name().toLowerCase(Locale.ROOT),
                        "outcome",
                        outcome)
                .increment();
    }

    /// In lower case with hyphens, as the other outcomes.
    private static String name(OperationResult result) {
        return result.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
