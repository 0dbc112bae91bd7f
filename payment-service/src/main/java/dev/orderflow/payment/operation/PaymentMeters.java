package dev.orderflow.payment.operation;

import dev.orderflow.payment.domain.Answer;
import dev.orderflow.payment.domain.Kind;
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

    void count(Kind operation, Reply reply) {
        switch (reply) {
            case Reply.Answered answered when !answered.repeated() ->
                    outcome(operation, name(answered.answer()));
            case Reply.Answered _, Reply.InFlight _ -> {}
            case Reply.KeyReused _ -> keyReused.increment();
            case Reply.Refused _ -> outcome(operation, "refused");
            case Reply.GatewayRefused _ -> outcome(operation, "gateway-refused");
            case Reply.OutcomeUnknown _ -> outcome(operation, "unknown");
            case Reply.GatewayUnavailable _ -> outcome(operation, "gateway-unavailable");
        }
    }

    void contradiction() {
        contradictions.increment();
    }

    /// The reconciler settled something that had been open.
    void settledLate(Kind operation) {
        outcome(operation, "settled-late");
    }

    void unknown(long open) {
        unknown.set(open);
    }

    private void outcome(Kind operation, String outcome) {
        meters.counter(
                        "orderflow.payment.outcomes",
                        "operation",
                        operation.name().toLowerCase(Locale.ROOT),
                        "outcome",
                        outcome)
                .increment();
    }

    private static String name(Answer answer) {
        return switch (answer) {
            case Answer.Done(var status, var _) -> status.name().toLowerCase(Locale.ROOT);
            case Answer.GivenBack _ -> "refunded";
            case Answer.Declined _ -> "declined";
            case Answer.VoidedBefore _ -> "voided-before";
            case Answer.CapturedBefore _ -> "captured-before";
        };
    }
}
