package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.claimcheck.Claim;
import dev.orderflow.defaults.claimcheck.ClaimCheckProperties;
import dev.orderflow.defaults.claimcheck.ClaimChecks;
import dev.orderflow.defaults.tracing.Redacted;
import dev.orderflow.defaults.tracing.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
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
    private final LongBackOff outageBackOff;
    private final Traces traces;
    private final ClaimChecks claimChecks;
    private final LongBackOff withoutS3;
    private final @Nullable Waiting waiting;

    /// SQS counts whole seconds, of which the one that has begun is lost.
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    /// How messages wait here for the end of an outage.
    ///
    /// @param pollTimeout how long a poll that is under way at a stop may still receive
    record Waiting(QueueGates gates, OutageWait.Limits limits, Duration pollTimeout) {}

    /// @param backOff after a failure
    /// @param outageBackOff after an outage that was not waited for
    /// @param withoutS3 while claim checks cannot be redeemed
    /// @param waiting none where receives are lost anyway
    Settlement(
            DeadLetters deadLetters,
            MeterRegistry meters,
            BackOff backOff,
            LongBackOff outageBackOff,
            Traces traces,
            ClaimChecks claimChecks,
            LongBackOff withoutS3,
            @Nullable Waiting waiting) {
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.backOff = backOff;
        this.outageBackOff = outageBackOff;
        this.traces = traces;
        this.claimChecks = claimChecks;
        this.withoutS3 = withoutS3;
        this.waiting = waiting;
    }

    /// For a process without Spring's configuration, which waits as services do unless they are
    /// told otherwise. It keeps no message during an outage: each goes back, for minutes.
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
                backOff(DeliveryProperties.FIRST_BACK_OFF, DeliveryProperties.LONGEST_BACK_OFF),
                new LongBackOff(
                        Duration.parse(DeliveryProperties.Outage.FIRST_RETURN),
                        Duration.parse(DeliveryProperties.Outage.LONGEST_RETURN)),
                Traces.unrecorded(service),
                claimChecks,
                new LongBackOff(
                        Duration.parse(ClaimCheckProperties.FIRST_WAIT),
                        Duration.parse(ClaimCheckProperties.LONGEST_WAIT)),
                null);
    }

    private static BackOff backOff(String first, String longest) {
        return new BackOff(Duration.parse(first), Duration.parse(longest));
    }

    /// Handles one message and does with it what the handler says. Does not throw: what the handler
    /// throws is logged and the message comes back later.
    public void settle(Incoming message, Function<Delivery, Outcome> handler) {
        try (var work = workOn(message.delivery())) {
            work.during(() -> settle(message, handler, work));
        }
    }

    private void settle(
            Incoming message, Function<Delivery, Outcome> handler, Traces.Received work) {
        try (var outage = outageOf(List.of(message))) {
            settle(message, handler, work, outage);
        }
    }

    private void settle(
            Incoming message,
            Function<Delivery, Outcome> handler,
            Traces.Received work,
            @Nullable OutageWait outage) {
        while (true) {
            try {
                var outcome = outcome(message.delivery(), handler);
                if (!(outcome instanceof Outcome.Unavailable cause)) {
                    noteAnswer(message.delivery(), outcome);
                    finish(outcome, message, begin(outcome, message));
                    return;
                }
                if (!isWorthAnotherTry(outage, cause, List.of(message))) {
                    return;
                }
            } catch (RuntimeException unexpected) {
                var cause = Outages.behind(unexpected);
                if (cause.isEmpty()) {
                    work.failed(unexpected);
                    comeBackLater(message, unexpected);
                    return;
                }
                if (!isWorthAnotherTry(outage, cause.get(), List.of(message))) {
                    work.failed(unexpected);
                    return;
                }
            }
        }
    }

    private @Nullable OutageWait outageOf(List<? extends Incoming> messages) {
        return waiting == null
                ? null
                : new OutageWait(
                        waiting.gates().of(messages.getFirst().delivery().queue()),
                        waiting.limits(),
                        messages);
    }

    /// What was handled shows that everything answers again.
    private void noteAnswer(Delivery delivery, Outcome outcome) {
        if (waiting != null && outcome instanceof Outcome.Done) {
            waiting.gates().of(delivery.queue()).open();
        }
    }

    /// Waits for the end of an outage. Messages that cannot wait any longer go back.
    private boolean isWorthAnotherTry(
            @Nullable OutageWait outage,
            Outcome.Unavailable cause,
            List<? extends Incoming> messages) {
        var next = outage == null ? OutageWait.Next.GIVE_UP : outage.next(cause);
        return switch (next) {
            case RETRY -> true;
            case STOPPING -> {
                messages.forEach(message -> leave(message, cause));
                yield false;
            }
            case GIVE_UP -> {
                messages.forEach(
                        message ->
                                goBack(
                                        message,
                                        cause,
                                        outageBackOff,
                                        message.delivery().receiveCount()));
                yield false;
            }
        };
    }

    /// Leaves a message to other instances. A poll of this one that is still under way must not
    /// receive it, for nobody here would handle it.
    private void leave(Incoming message, Outcome.Unavailable cause) {
        var polling = waiting == null ? Duration.ZERO : waiting.pollTimeout().plus(ROUNDING);
        goBack(message, cause, polling.plus(backOff.after(1, RandomGenerator.getDefault())));
    }

    private void goBack(
            Incoming message, Outcome.Unavailable cause, LongBackOff delays, int receiveCount) {
        goBack(message, cause, delays.after(receiveCount, RandomGenerator.getDefault()));
    }

    private void goBack(Incoming message, Outcome.Unavailable cause, Duration delay) {
        var delivery = message.delivery();
        log.warn(
                "{} will be retried in {}, {} is unavailable: {}",
                delivery,
                delay,
                cause.dependency(),
                cause.why());
        count(delivery, cause.getClass().getSimpleName());
        hide(message, delay);
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
        var works = batch.stream().map(message -> workOn(message.delivery())).toList();
        try (var outage = outageOf(batch)) {
            while (true) {
                try {
                    finish(batch, outcomes(batch, handler), works);
                    return;
                } catch (RuntimeException unexpected) {
                    var cause = Outages.behind(unexpected);
                    if (cause.isEmpty()) {
                        works.forEach(work -> work.failed(unexpected));
                        log.info("a batch of {} failed, handling each alone", batch.size());
                        batch.forEach(one -> settleBatch(List.of(one), handler));
                        return;
                    }
                    if (!isWorthAnotherTry(outage, cause.get(), batch)) {
                        works.forEach(work -> work.failed(unexpected));
                        return;
                    }
                }
            }
        } finally {
            works.forEach(Traces.Received::close);
        }
    }

    /// Carries all outcomes out before it waits for any, so that acknowledgements go together.
    /// Throws nothing.
    private void finish(
            List<? extends Incoming> batch, List<Outcome> outcomes, List<Traces.Received> works) {
        var begun = new ArrayList<@Nullable CompletableFuture<Void>>();
        for (int i = 0; i < batch.size(); i++) {
            var message = batch.get(i);
            var outcome = outcomes.get(i);
            var work = works.get(i);
            noteAnswer(message.delivery(), outcome);
            work.during(
                    () -> {
                        try {
                            begun.add(begin(outcome, message));
                        } catch (RuntimeException unexpected) {
                            begun.add(null);
                            work.failed(unexpected);
                            comeBackLater(message, unexpected);
                        }
                    });
        }
        for (int i = 0; i < batch.size(); i++) {
            var message = batch.get(i);
            var outcome = outcomes.get(i);
            var carriedOut = begun.get(i);
            if (carriedOut != null) {
                works.get(i).during(() -> finish(outcome, message, carriedOut));
            }
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

    /// Carries an outcome out.
    ///
    /// @return completed when that is over
    private CompletableFuture<Void> begin(Outcome outcome, Incoming message) {
        var delivery = message.delivery();
        return switch (outcome) {
            case Outcome.Done _ -> message.acknowledge();
            case Outcome.NotYet(var delay) -> {
                message.hide(delay);
                yield CompletableFuture.completedFuture(null);
            }
            case Outcome.Unavailable cause -> {
                // One of a batch: the others need not wait for it.
                goBack(message, cause, outageBackOff, delivery.receiveCount());
                yield CompletableFuture.completedFuture(null);
            }
            case Outcome.Hopeless(var reason) -> {
                log.warn("{} goes to the dead-letter queue: {}", delivery, reason);
                // First the copy, then the acknowledgement: a crash between the two leaves both.
                deadLetters.send(delivery, reason);
                yield message.acknowledge();
            }
        };
    }

    /// Waits until an outcome is carried out, and only then says so. Throws nothing.
    private void finish(Outcome outcome, Incoming message, CompletableFuture<Void> carriedOut) {
        var delivery = message.delivery();
        try {
            carriedOut.join();
        } catch (CompletionException | CancellationException failed) {
            log.warn(
                    "{} was handled but not deleted, and will be delivered again: {}",
                    delivery,
                    Causes.name(failed));
            count(delivery, "NotDeleted");
            return;
        }
        switch (outcome) {
            case Outcome.Done _ -> log.info("{} is done", delivery);
            case Outcome.NotYet(var delay) -> log.info("{} comes back in {}", delivery, delay);
            case Outcome.Hopeless _ -> log.info("{} is dead-lettered", delivery);
            case Outcome.Unavailable _ -> {
                return;
            }
        }
        count(delivery, outcome.getClass().getSimpleName());
    }

    private void comeBackLater(Incoming message, RuntimeException unexpected) {
        var delivery = message.delivery();
        var delay = backOff.after(delivery.receiveCount(), RandomGenerator.getDefault());
        log.warn("{} failed and comes back in {}", delivery, delay, Redacted.of(unexpected));
        count(delivery, "Failed");
        hide(message, delay);
    }

    private static void hide(Incoming message, Duration delay) {
        try {
            message.hide(delay);
        } catch (RuntimeException stillHidden) {
            // It comes back by itself when its visibility time-out ends.
            log.info(
                    "{} keeps its visibility time-out: {}",
                    message.delivery(),
                    Causes.name(stillHidden));
        }
    }

    private void count(Delivery delivery, String outcome) {
        meters.counter("deliveries", "queue", delivery.queue(), "outcome", outcome).increment();
    }
}
