package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.claimcheck.Claim;
import dev.orderflow.defaults.claimcheck.ClaimChecks;
import dev.orderflow.defaults.tracing.Redacted;
import dev.orderflow.defaults.tracing.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Carries out what handlers say should become of their messages, however these were received.
///
/// A message that travels by claim check is redeemed first: its handler reads the whole of it, and
/// only a dead letter holds what was on the queue.
public final class Settlement {

    private static final Logger log = LoggerFactory.getLogger(Settlement.class);

    private final DeadLetters deadLetters;
    private final MeterRegistry meters;
    private final BackOff backOff;
    private final Traces traces;
    private final ClaimChecks claimChecks;
    private final BackOff withoutS3;

    /// @param backOff after a failure
    /// @param withoutS3 while claim checks cannot be redeemed
    Settlement(
            DeadLetters deadLetters,
            MeterRegistry meters,
            BackOff backOff,
            Traces traces,
            ClaimChecks claimChecks,
            BackOff withoutS3) {
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.backOff = backOff;
        this.traces = traces;
        this.claimChecks = claimChecks;
        this.withoutS3 = withoutS3;
    }

    /// For a process without Spring's configuration, which waits as services do unless they are
    /// told otherwise.
    ///
    /// @param sqs asked for when a message is dead-lettered
    /// @param service whose log lines they are
    public static Settlement by(
            Supplier<SqsClient> sqs,
            MeterRegistry meters,
            String service,
            ClaimChecks claimChecks) {
        return new Settlement(
                new DeadLetters(QueueCalls.by(sqs)),
                meters,
                new BackOff(Duration.ofSeconds(4), Duration.ofMinutes(15)),
                Traces.unrecorded(service),
                claimChecks,
                new BackOff(Duration.ofMinutes(1), Duration.ofMinutes(15)));
    }

    /// Handles one message and does with it what the handler says. Does not throw: what the handler
    /// throws is logged and the message comes back later.
    public void settle(Incoming message, Function<Delivery, Outcome> handler) {
        try (var work = workOn(message.delivery())) {
            work.during(
                    () -> {
                        try {
                            carryOut(outcome(message.delivery(), handler), message);
                        } catch (RuntimeException unexpected) {
                            work.failed(unexpected);
                            comeBackLater(message, unexpected);
                        }
                    });
        }
    }

    private Outcome outcome(Delivery delivery, Function<Delivery, Outcome> handler) {
        return switch (claimChecks.redeem(delivery.body())) {
            case Claim.Whole(var body) -> handler.apply(delivery.withBody(body));
            case Claim.Unredeemed unredeemed -> outcome(delivery, unredeemed);
        };
    }

    private Outcome outcome(Delivery delivery, Claim.Unredeemed unredeemed) {
        return switch (unredeemed) {
            case Claim.NotNow(var why) -> {
                log.warn("{} waits for its detail: {}", delivery, why);
                yield new Outcome.NotYet(
                        withoutS3.after(delivery.receiveCount(), RandomGenerator.getDefault()));
            }
            case Claim.Lost(var why) -> new Outcome.Hopeless(why);
        };
    }

    /// Handles a batch in one go, each message with an outcome of its own.
    ///
    /// When the handler throws, each message is handled alone, so that the one that does not work
    /// cannot keep its neighbours from being acknowledged. The handler must therefore be safe to
    /// repeat, which one transaction for each call gives.
    ///
    /// @param handler answers with one outcome for each delivery, in the same order; not asked when
    ///     there is none
    public void settleBatch(
            List<? extends Incoming> batch, Function<List<Delivery>, List<Outcome>> handler) {
        if (batch.size() == 1) {
            settle(batch.getFirst(), one -> onlyOutcome(handler.apply(List.of(one))));
            return;
        }
        List<Outcome> outcomes;
        var works = batch.stream().map(message -> workOn(message.delivery())).toList();
        try {
            try {
                outcomes = outcomes(batch, handler);
            } catch (RuntimeException unexpected) {
                works.forEach(work -> work.failed(unexpected));
                log.info("a batch of {} failed, handling each alone", batch.size());
                batch.forEach(one -> settleBatch(List.of(one), handler));
                return;
            }
            for (int i = 0; i < batch.size(); i++) {
                var message = batch.get(i);
                var outcome = outcomes.get(i);
                var work = works.get(i);
                work.during(
                        () -> {
                            try {
                                carryOut(outcome, message);
                            } catch (RuntimeException unexpected) {
                                work.failed(unexpected);
                                comeBackLater(message, unexpected);
                            }
                        });
            }
        } finally {
            works.forEach(Traces.Received::close);
        }
    }

    /// Those that are whole go to the handler together; what becomes of the others is known.
    private List<Outcome> outcomes(
            List<? extends Incoming> batch, Function<List<Delivery>, List<Outcome>> handler) {
        var claims = batch.stream().map(it -> claimChecks.redeem(it.delivery().body())).toList();
        var whole = new ArrayList<Delivery>();
        for (int i = 0; i < claims.size(); i++) {
            if (claims.get(i) instanceof Claim.Whole(var body)) {
                whole.add(batch.get(i).delivery().withBody(body));
            }
        }
        var handled = whole.isEmpty() ? List.<Outcome>of() : handler.apply(whole);
        requireOneForEach(whole.size(), handled);
        var next = handled.iterator();
        var outcomes = new ArrayList<Outcome>();
        for (int i = 0; i < claims.size(); i++) {
            outcomes.add(
                    switch (claims.get(i)) {
                        case Claim.Whole _ -> next.next();
                        case Claim.Unredeemed unredeemed ->
                                outcome(batch.get(i).delivery(), unredeemed);
                    });
        }
        return outcomes;
    }

    private static void requireOneForEach(int messages, List<Outcome> outcomes) {
        if (outcomes.size() != messages) {
            throw new IllegalStateException(
                    outcomes.size() + " outcomes for a batch of " + messages);
        }
    }

    private static Outcome onlyOutcome(List<Outcome> outcomes) {
        requireOneForEach(1, outcomes);
        return outcomes.getFirst();
    }

    private Traces.Received workOn(Delivery delivery) {
        var origin = Origin.of(delivery.body());
        return traces.received(
                delivery.queue() + " process", origin.traceparent(), origin.orderId());
    }

    private void carryOut(Outcome outcome, Incoming message) {
        var delivery = message.delivery();
        switch (outcome) {
            case Outcome.Done _ -> {
                message.acknowledge();
                log.info("{} is done", delivery);
            }
            case Outcome.NotYet(var delay) -> {
                message.hide(delay);
                log.info("{} comes back in {}", delivery, delay);
            }
            case Outcome.Hopeless(var reason) -> {
                log.warn("{} goes to the dead-letter queue: {}", delivery, reason);
                // First the copy, then the acknowledgement: a crash between the two leaves both.
                deadLetters.send(delivery, reason);
                message.acknowledge();
            }
        }
        count(delivery, outcome.getClass().getSimpleName());
    }

    private void comeBackLater(Incoming message, RuntimeException unexpected) {
        var delivery = message.delivery();
        var delay = backOff.after(delivery.receiveCount(), RandomGenerator.getDefault());
        log.warn("{} failed and comes back in {}", delivery, delay, Redacted.of(unexpected));
        count(delivery, "Failed");
        try {
            message.hide(delay);
        } catch (RuntimeException stillHidden) {
            // It comes back by itself when its visibility time-out ends.
            log.info("{} keeps its visibility time-out: {}", delivery, stillHidden.getMessage());
        }
    }

    private void count(Delivery delivery, String outcome) {
        meters.counter("deliveries", "queue", delivery.queue(), "outcome", outcome).increment();
    }
}
