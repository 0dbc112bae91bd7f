package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.claimcheck.ClaimCheckProperties;
import dev.orderflow.defaults.claimcheck.ClaimCheckRedeemer;
import dev.orderflow.defaults.claimcheck.ClaimCheckResult;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.defaults.tracing.TracePropagation;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Carries out what handlers say should become of their messages, however these were received.
///
/// A message that travels by claim check is redeemed first: its handler reads the whole of it, and
/// only a dead letter holds what was on the queue.
public final class MessageProcessor {

    private static final Logger log = LoggerFactory.getLogger(MessageProcessor.class);

    private final DeadLetterSender deadLetters;
    private final MeterRegistry meters;
    private final RetryBackOff backOff;
    private final RetryBackOff outageBackOff;
    private final TracePropagation traces;
    private final ClaimCheckRedeemer claimChecks;
    private final RetryBackOff claimCheckBackOff;
    private final @Nullable OutageHandling waiting;

    /// SQS counts whole seconds, of which the one that has begun is lost.
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    /// How messages wait here for the end of an outage.
    ///
    /// @param pollTimeout how long a poll that is under way at a stop may still receive
    record OutageHandling(
            QueueGates gates, OutageWait.OutageWaitLimits limits, Duration pollTimeout) {}

    /// @param backOff after a failure
    /// @param outageBackOff after an outage that was not waited for
    /// @param withoutS3 while claim checks cannot be redeemed
    /// @param waiting none where receives are lost anyway
    MessageProcessor(
            DeadLetterSender deadLetters,
            MeterRegistry meters,
            RetryBackOff backOff,
            RetryBackOff outageBackOff,
            TracePropagation traces,
            ClaimCheckRedeemer claimChecks,
            RetryBackOff withoutS3,
            @Nullable OutageHandling waiting) {
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.backOff = backOff;
        this.outageBackOff = outageBackOff;
        this.traces = traces;
        this.claimChecks = claimChecks;
        this.claimCheckBackOff = withoutS3;
        this.waiting = waiting;
    }

    /// For a process without Spring's configuration, which waits as services do unless they are
    /// told otherwise. It keeps no message during an outage: each goes back, for minutes.
    ///
    /// @param sqs asked for when a message is dead-lettered
    /// @param service whose log lines they are
    public static MessageProcessor create(
            Supplier<SqsClient> sqs,
            MeterRegistry meters,
            String service,
            ClaimCheckRedeemer claimChecks) {
        return new MessageProcessor(
                new DeadLetterSender(SqsCalls.using(sqs)),
                meters,
                backOff(DeliveryProperties.INITIAL_BACK_OFF, DeliveryProperties.MAX_BACK_OFF),
                OutageBackOff.of(
                        Duration.parse(DeliveryProperties.OutageProperties.INITIAL_RETURN_DELAY),
                        Duration.parse(DeliveryProperties.OutageProperties.MAX_RETURN_DELAY)),
                TracePropagation.noop(service),
                claimChecks,
                OutageBackOff.of(
                        Duration.parse(ClaimCheckProperties.INITIAL_RETRY_DELAY),
                        Duration.parse(ClaimCheckProperties.MAX_RETRY_DELAY)),
                null);
    }

    private static RetryBackOff backOff(String first, String longest) {
        return RetryBackOff.doublingWithFullJitter(Duration.parse(first), Duration.parse(longest));
    }

    /// Handles one message and does with it what the handler says. Does not throw: what the handler
    /// throws is logged and the message comes back later.
    public void process(MessageHandle message, Function<ReceivedMessage, HandlingResult> handler) {
        try (var work = startSpan(message.message())) {
            work.run(() -> process(message, handler, work));
        }
    }

    private void process(
            MessageHandle message,
            Function<ReceivedMessage, HandlingResult> handler,
            TracePropagation.MessageSpan work) {
        try (var outage = outageWaitFor(List.of(message))) {
            process(message, handler, work, outage);
        }
    }

    private void process(
            MessageHandle message,
            Function<ReceivedMessage, HandlingResult> handler,
            TracePropagation.MessageSpan work,
            @Nullable OutageWait outage) {
        while (true) {
            try {
                var outcome = resultOf(message.message(), handler);
                if (!(outcome instanceof HandlingResult.DependencyUnavailable cause)) {
                    openGateIfHandled(message.message(), outcome);
                    awaitApplied(outcome, message, apply(outcome, message));
                    return;
                }
                if (!isWorthAnotherTry(outage, cause, List.of(message))) {
                    return;
                }
            } catch (RuntimeException unexpected) {
                var cause = OutageDetector.findOutage(unexpected);
                if (cause.isEmpty()) {
                    work.recordFailure(unexpected);
                    retryAfterFailure(message, unexpected);
                    return;
                }
                if (!isWorthAnotherTry(outage, cause.get(), List.of(message))) {
                    work.recordFailure(unexpected);
                    return;
                }
            }
        }
    }

    private @Nullable OutageWait outageWaitFor(List<? extends MessageHandle> messages) {
        return waiting == null
                ? null
                : new OutageWait(
                        waiting.gates().of(messages.getFirst().message().queueName()),
                        waiting.limits(),
                        messages);
    }

    /// What was handled shows that everything answers again.
    private void openGateIfHandled(ReceivedMessage delivery, HandlingResult outcome) {
        if (waiting != null && outcome instanceof HandlingResult.Acknowledge) {
            waiting.gates().of(delivery.queueName()).open();
        }
    }

    /// Waits for the end of an outage. Messages that cannot wait any longer go back.
    private boolean isWorthAnotherTry(
            @Nullable OutageWait outage,
            HandlingResult.DependencyUnavailable cause,
            List<? extends MessageHandle> messages) {
        var next = outage == null ? OutageWait.OutageWaitResult.GIVE_UP : outage.awaitRetry(cause);
        return switch (next) {
            case RETRY -> true;
            case STOPPING -> {
                messages.forEach(message -> releaseToOtherInstances(message, cause));
                yield false;
            }
            case GIVE_UP -> {
                messages.forEach(
                        message ->
                                returnToQueue(
                                        message,
                                        cause,
                                        outageBackOff,
                                        message.message().receiveCount()));
                yield false;
            }
        };
    }

    /// Leaves a message to other instances. A poll of this one that is still under way must not
    /// receive it, for nobody here would handle it.
    private void releaseToOtherInstances(
            MessageHandle message, HandlingResult.DependencyUnavailable cause) {
        var polling = waiting == null ? Duration.ZERO : waiting.pollTimeout().plus(ROUNDING);
        returnToQueue(message, cause, polling.plus(backOff.delayAfter(1)));
    }

    private void returnToQueue(
            MessageHandle message,
            HandlingResult.DependencyUnavailable cause,
            RetryBackOff delays,
            int receiveCount) {
        returnToQueue(message, cause, delays.delayAfter(receiveCount));
    }

    private void returnToQueue(
            MessageHandle message, HandlingResult.DependencyUnavailable cause, Duration delay) {
        var delivery = message.message();
        log.warn(
                "{} will be retried in {}, {} is unavailable: {}",
                delivery,
                delay,
                cause.dependency(),
                cause.reason());
        count(delivery, cause.getClass().getSimpleName());
        changeVisibility(message, delay);
    }

    private HandlingResult resultOf(
            ReceivedMessage delivery, Function<ReceivedMessage, HandlingResult> handler) {
        return switch (claimChecks.redeem(delivery.body())) {
            case ClaimCheckResult.CompleteMessage(var body) ->
                    handler.apply(delivery.withBody(body));
            case ClaimCheckResult.Unredeemed unredeemed -> resultOf(delivery, unredeemed);
        };
    }

    private HandlingResult resultOf(
            ReceivedMessage delivery, ClaimCheckResult.Unredeemed unredeemed) {
        return switch (unredeemed) {
            case ClaimCheckResult.StorageUnavailable(var why) -> {
                log.warn("{} waits for its detail: {}", delivery, why);
                yield new HandlingResult.RetryLater(
                        claimCheckBackOff.delayAfter(delivery.receiveCount()));
            }
            case ClaimCheckResult.Unredeemable(var why) -> new HandlingResult.Reject(why);
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
    public void processBatch(
            List<? extends MessageHandle> batch,
            Function<List<ReceivedMessage>, List<HandlingResult>> handler) {
        if (batch.size() == 1) {
            process(batch.getFirst(), one -> onlyResult(handler.apply(List.of(one))));
            return;
        }
        var works = batch.stream().map(message -> startSpan(message.message())).toList();
        try (var outage = outageWaitFor(batch)) {
            while (true) {
                try {
                    awaitApplied(batch, resultsOf(batch, handler), works);
                    return;
                } catch (RuntimeException unexpected) {
                    var cause = OutageDetector.findOutage(unexpected);
                    if (cause.isEmpty()) {
                        works.forEach(work -> work.recordFailure(unexpected));
                        log.info("a batch of {} failed, handling each alone", batch.size());
                        batch.forEach(one -> processBatch(List.of(one), handler));
                        return;
                    }
                    if (!isWorthAnotherTry(outage, cause.get(), batch)) {
                        works.forEach(work -> work.recordFailure(unexpected));
                        return;
                    }
                }
            }
        } finally {
            works.forEach(TracePropagation.MessageSpan::close);
        }
    }

    /// Carries all outcomes out before it waits for any, so that acknowledgements go together.
    /// Throws nothing.
    private void awaitApplied(
            List<? extends MessageHandle> batch,
            List<HandlingResult> outcomes,
            List<TracePropagation.MessageSpan> works) {
        var begun = new ArrayList<@Nullable CompletableFuture<Void>>();
        for (int i = 0; i < batch.size(); i++) {
            var message = batch.get(i);
            var outcome = outcomes.get(i);
            var work = works.get(i);
            openGateIfHandled(message.message(), outcome);
            work.run(
                    () -> {
                        try {
                            begun.add(apply(outcome, message));
                        } catch (RuntimeException unexpected) {
                            begun.add(null);
                            work.recordFailure(unexpected);
                            retryAfterFailure(message, unexpected);
                        }
                    });
        }
        for (int i = 0; i < batch.size(); i++) {
            var message = batch.get(i);
            var outcome = outcomes.get(i);
            var carriedOut = begun.get(i);
            if (carriedOut != null) {
                works.get(i).run(() -> awaitApplied(outcome, message, carriedOut));
            }
        }
    }

    /// Those that are whole go to the handler together; what becomes of the others is known.
    private List<HandlingResult> resultsOf(
            List<? extends MessageHandle> batch,
            Function<List<ReceivedMessage>, List<HandlingResult>> handler) {
        var claims = batch.stream().map(it -> claimChecks.redeem(it.message().body())).toList();
        var whole = new ArrayList<ReceivedMessage>();
        for (int i = 0; i < claims.size(); i++) {
            if (claims.get(i) instanceof ClaimCheckResult.CompleteMessage(var body)) {
                whole.add(batch.get(i).message().withBody(body));
            }
        }
        var handled = whole.isEmpty() ? List.<HandlingResult>of() : handler.apply(whole);
        requireOneForEach(whole.size(), handled);
        var next = handled.iterator();
        var outcomes = new ArrayList<HandlingResult>();
        for (int i = 0; i < claims.size(); i++) {
            outcomes.add(
                    switch (claims.get(i)) {
                        case ClaimCheckResult.CompleteMessage _ -> next.next();
                        case ClaimCheckResult.Unredeemed unredeemed ->
                                resultOf(batch.get(i).message(), unredeemed);
                    });
        }
        return outcomes;
    }

    private static void requireOneForEach(int messages, List<HandlingResult> outcomes) {
        if (outcomes.size() != messages) {
            throw new IllegalStateException(
                    outcomes.size() + " outcomes for a batch of " + messages);
        }
    }

    private static HandlingResult onlyResult(List<HandlingResult> outcomes) {
        requireOneForEach(1, outcomes);
        return outcomes.getFirst();
    }

    private TracePropagation.MessageSpan startSpan(ReceivedMessage delivery) {
        var origin = MessageSource.of(delivery.body());
        return traces.startMessageSpan(
                delivery.queueName() + " process", origin.traceparent(), origin.orderId());
    }

    /// Carries an outcome out.
    ///
    /// @return completed when that is over
    private CompletableFuture<Void> apply(HandlingResult outcome, MessageHandle message) {
        var delivery = message.message();
        return switch (outcome) {
            case HandlingResult.Acknowledge _ -> message.acknowledge();
            case HandlingResult.RetryLater(var delay) -> {
                message.changeVisibility(delay);
                yield CompletableFuture.completedFuture(null);
            }
            case HandlingResult.DependencyUnavailable cause -> {
                // One of a batch: the others need not wait for it.
                returnToQueue(message, cause, outageBackOff, delivery.receiveCount());
                yield CompletableFuture.completedFuture(null);
            }
            case HandlingResult.Reject(var reason) -> {
                log.warn("{} goes to the dead-letter queue: {}", delivery, reason);
                // First the copy, then the acknowledgement: a crash between the two leaves both.
                deadLetters.send(delivery, reason);
                yield message.acknowledge();
            }
        };
    }

    /// Waits until an outcome is carried out, and only then says so. Throws nothing.
    private void awaitApplied(
            HandlingResult outcome, MessageHandle message, CompletableFuture<Void> carriedOut) {
        var delivery = message.message();
        try {
            carriedOut.join();
        } catch (CompletionException | CancellationException failed) {
            log.warn(
                    "{} was handled but not deleted, and will be delivered again: {}",
                    delivery,
                    FailureSummary.of(failed));
            count(delivery, "NotDeleted");
            return;
        }
        switch (outcome) {
            case HandlingResult.Acknowledge _ -> log.info("{} is done", delivery);
            case HandlingResult.RetryLater(var delay) ->
                    log.info("{} comes back in {}", delivery, delay);
            case HandlingResult.Reject _ -> log.info("{} is dead-lettered", delivery);
            case HandlingResult.DependencyUnavailable _ -> {
                return;
            }
        }
        count(delivery, outcome.getClass().getSimpleName());
    }

    private void retryAfterFailure(MessageHandle message, RuntimeException unexpected) {
        var delivery = message.message();
        var delay = backOff.delayAfter(delivery.receiveCount());
        log.warn(
                "{} failed and comes back in {}",
                delivery,
                delay,
                RedactedException.of(unexpected));
        count(delivery, "Failed");
        changeVisibility(message, delay);
    }

    private static void changeVisibility(MessageHandle message, Duration delay) {
        try {
            message.changeVisibility(delay);
        } catch (RuntimeException stillHidden) {
            // It comes back by itself when its visibility time-out ends.
            log.info(
                    "{} keeps its visibility time-out: {}",
                    message.message(),
                    FailureSummary.of(stillHidden));
        }
    }

    private void count(ReceivedMessage delivery, String outcome) {
        meters.counter("deliveries", "queue", delivery.queueName(), "outcome", outcome).increment();
    }
}
