package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.claimcheck.ClaimCheckProperties;
import dev.orderflow.defaults.claimcheck.ClaimCheckRedeemer;
import dev.orderflow.defaults.claimcheck.ClaimCheckResult;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.problem.FailureDescription;
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

/// Calls a handler for each received message and applies the [HandlingResult]: it acknowledges the
/// message, delays its next delivery, or moves it to the dead-letter queue. It does not depend on
/// how the message was received.
///
/// A claim check is redeemed before the handler is called, so that the handler reads the complete
/// message. A dead letter holds the original body.
public final class MessageProcessor {

    private static final Logger log = LoggerFactory.getLogger(MessageProcessor.class);

    /// SQS counts visibility time-outs in whole seconds.
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    private final DeadLetterSender deadLetters;
    private final MeterRegistry meters;
    private final RetryBackOff backOff;
    private final RetryBackOff outageBackOff;
    private final TracePropagation traces;
    private final ClaimCheckRedeemer claimChecks;
    private final RetryBackOff claimCheckBackOff;
    private final DeliveryIncidents incidents;
    private final @Nullable OutageHandling outageHandling;

    /// How messages wait in this instance for the end of an outage.
    ///
    /// @param pollTimeout how long a poll that is in progress at shutdown may still receive
    ///     messages
    record OutageHandling(
            QueueGates gates, OutageWait.OutageWaitLimits limits, Duration pollTimeout) {}

    /// @param backOff after a failure of the handler
    /// @param outageBackOff for a message that returns to its queue during an outage
    /// @param claimCheckBackOff while S3 is unavailable
    /// @param incidents records what went wrong with messages that name an order
    /// @param outageHandling null if messages cannot wait in this process
    MessageProcessor(
            DeadLetterSender deadLetters,
            MeterRegistry meters,
            RetryBackOff backOff,
            RetryBackOff outageBackOff,
            TracePropagation traces,
            ClaimCheckRedeemer claimChecks,
            RetryBackOff claimCheckBackOff,
            OrderIncidents incidents,
            @Nullable OutageHandling outageHandling) {
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.backOff = backOff;
        this.outageBackOff = outageBackOff;
        this.traces = traces;
        this.claimChecks = claimChecks;
        this.claimCheckBackOff = claimCheckBackOff;
        this.incidents = new DeliveryIncidents(incidents);
        this.outageHandling = outageHandling;
    }

    /// For a process without Spring, with the default delays of [DeliveryProperties] and
    /// [ClaimCheckProperties]. During an outage messages do not wait in the process: each returns
    /// to its queue with a delay of minutes.
    ///
    /// @param sqs called when the first message is dead-lettered
    /// @param service the name of the service in log lines
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
                OrderIncidents.none(),
                null);
    }

    private static RetryBackOff backOff(String initial, String max) {
        return RetryBackOff.doublingWithFullJitter(Duration.parse(initial), Duration.parse(max));
    }

    /// Calls the handler for one message and applies its result. Throws nothing: an exception of
    /// the handler is logged and the message is delivered again after a delay.
    public void process(MessageHandle message, Function<ReceivedMessage, HandlingResult> handler) {
        try (var span = startSpan(message.message())) {
            span.run(() -> process(message, handler, span));
        }
    }

    private void process(
            MessageHandle message,
            Function<ReceivedMessage, HandlingResult> handler,
            TracePropagation.MessageSpan span) {
        try (var outage = outageWaitFor(List.of(message))) {
            process(message, handler, span, outage);
        }
    }

    private void process(
            MessageHandle message,
            Function<ReceivedMessage, HandlingResult> handler,
            TracePropagation.MessageSpan span,
            @Nullable OutageWait outage) {
        while (true) {
            try {
                var result = resultOf(message.message(), handler);
                if (!(result instanceof HandlingResult.DependencyUnavailable cause)) {
                    openGateIfHandled(message.message(), result);
                    awaitApplied(result, message, apply(result, message));
                    incidents.recordHandled(message.message(), result);
                    return;
                }
                if (!awaitRetry(outage, cause, List.of(message))) {
                    return;
                }
            } catch (RuntimeException unexpected) {
                var cause = OutageDetector.findOutage(unexpected);
                if (cause.isEmpty()) {
                    span.recordFailure(unexpected);
                    retryAfterFailure(message, unexpected);
                    return;
                }
                if (!awaitRetry(outage, cause.get(), List.of(message))) {
                    span.recordFailure(unexpected);
                    return;
                }
            }
        }
    }

    private @Nullable OutageWait outageWaitFor(List<? extends MessageHandle> messages) {
        return outageHandling == null
                ? null
                : new OutageWait(
                        outageHandling.gates().of(messages.getFirst().message().queueName()),
                        outageHandling.limits(),
                        messages,
                        incidents);
    }

    /// A message that was handled shows that the dependencies are available again.
    private void openGateIfHandled(ReceivedMessage received, HandlingResult result) {
        if (outageHandling != null && result instanceof HandlingResult.Acknowledge) {
            outageHandling.gates().of(received.queueName()).open();
        }
    }

    /// Waits until another attempt is worthwhile. Messages that cannot wait longer return to their
    /// queue.
    private boolean awaitRetry(
            @Nullable OutageWait outage,
            HandlingResult.DependencyUnavailable cause,
            List<? extends MessageHandle> messages) {
        var decision =
                outage == null ? OutageWait.OutageWaitResult.GIVE_UP : outage.awaitRetry(cause);
        return switch (decision) {
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

    /// Makes a message visible to other instances. The delay is longer than a poll of this instance
    /// that is still in progress, because this instance handles no more messages.
    private void releaseToOtherInstances(
            MessageHandle message, HandlingResult.DependencyUnavailable cause) {
        var polling =
                outageHandling == null
                        ? Duration.ZERO
                        : outageHandling.pollTimeout().plus(ROUNDING);
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
        var received = message.message();
        log.warn(
                "{} will be retried in {}, {} is unavailable: {}",
                received,
                delay,
                cause.dependency(),
                cause.reason());
        count(received, "unavailable");
        changeVisibility(message, delay);
    }

    private HandlingResult resultOf(
            ReceivedMessage received, Function<ReceivedMessage, HandlingResult> handler) {
        return switch (claimChecks.redeem(received.body())) {
            case ClaimCheckResult.CompleteMessage(var body) ->
                    handler.apply(received.withBody(body));
            case ClaimCheckResult.Unredeemed unredeemed -> resultOf(received, unredeemed);
        };
    }

    private HandlingResult resultOf(
            ReceivedMessage received, ClaimCheckResult.Unredeemed unredeemed) {
        return switch (unredeemed) {
            case ClaimCheckResult.StorageUnavailable(var why) -> {
                log.warn("{}: claim check cannot be redeemed, retrying later: {}", received, why);
                yield new HandlingResult.RetryLater(
                        claimCheckBackOff.delayAfter(received.receiveCount()));
            }
            case ClaimCheckResult.Unredeemable(var why) -> new HandlingResult.Reject(why);
        };
    }

    /// Calls the handler once for a batch and applies one result to each message.
    ///
    /// If the handler throws, it is called again for each message alone, so that one message that
    /// fails does not prevent the acknowledgement of the others. The handler must therefore be
    /// idempotent; one transaction per call is enough.
    ///
    /// @param handler returns one result for each message, in the same order; not called for an
    ///     empty batch
    public void processBatch(
            List<? extends MessageHandle> batch,
            Function<List<ReceivedMessage>, List<HandlingResult>> handler) {
        if (batch.size() == 1) {
            process(batch.getFirst(), one -> onlyResult(handler.apply(List.of(one))));
            return;
        }
        var spans = batch.stream().map(message -> startSpan(message.message())).toList();
        try (var outage = outageWaitFor(batch)) {
            while (true) {
                try {
                    awaitApplied(batch, resultsOf(batch, handler), spans);
                    return;
                } catch (RuntimeException unexpected) {
                    var cause = OutageDetector.findOutage(unexpected);
                    if (cause.isEmpty()) {
                        spans.forEach(span -> span.recordFailure(unexpected));
                        log.info(
                                "batch of {} messages failed, handling each message alone",
                                batch.size());
                        batch.forEach(one -> processBatch(List.of(one), handler));
                        return;
                    }
                    if (!awaitRetry(outage, cause.get(), batch)) {
                        spans.forEach(span -> span.recordFailure(unexpected));
                        return;
                    }
                }
            }
        } finally {
            spans.forEach(TracePropagation.MessageSpan::close);
        }
    }

    /// Applies all results before it waits for any of them, so that acknowledgements share calls
    /// of SQS. Throws nothing.
    private void awaitApplied(
            List<? extends MessageHandle> batch,
            List<HandlingResult> results,
            List<TracePropagation.MessageSpan> spans) {
        var applied = new ArrayList<@Nullable CompletableFuture<Void>>();
        for (int i = 0; i < batch.size(); i++) {
            var message = batch.get(i);
            var result = results.get(i);
            var span = spans.get(i);
            openGateIfHandled(message.message(), result);
            span.run(
                    () -> {
                        try {
                            applied.add(apply(result, message));
                        } catch (RuntimeException unexpected) {
                            applied.add(null);
                            span.recordFailure(unexpected);
                            retryAfterFailure(message, unexpected);
                        }
                    });
        }
        for (int i = 0; i < batch.size(); i++) {
            var message = batch.get(i);
            var result = results.get(i);
            var applying = applied.get(i);
            if (applying != null) {
                spans.get(i)
                        .run(
                                () -> {
                                    awaitApplied(result, message, applying);
                                    incidents.recordHandled(message.message(), result);
                                });
            }
        }
    }

    /// Calls the handler for the messages whose claim checks were redeemed; the results of the
    /// others follow from the failure to redeem.
    private List<HandlingResult> resultsOf(
            List<? extends MessageHandle> batch,
            Function<List<ReceivedMessage>, List<HandlingResult>> handler) {
        var redeemed = batch.stream().map(it -> claimChecks.redeem(it.message().body())).toList();
        var complete = new ArrayList<ReceivedMessage>();
        for (int i = 0; i < redeemed.size(); i++) {
            if (redeemed.get(i) instanceof ClaimCheckResult.CompleteMessage(var body)) {
                complete.add(batch.get(i).message().withBody(body));
            }
        }
        var handled = complete.isEmpty() ? List.<HandlingResult>of() : handler.apply(complete);
        requireOneForEach(complete.size(), handled);
        var next = handled.iterator();
        var results = new ArrayList<HandlingResult>();
        for (int i = 0; i < redeemed.size(); i++) {
            results.add(
                    switch (redeemed.get(i)) {
                        case ClaimCheckResult.CompleteMessage _ -> next.next();
                        case ClaimCheckResult.Unredeemed unredeemed ->
                                resultOf(batch.get(i).message(), unredeemed);
                    });
        }
        return results;
    }

    private static void requireOneForEach(int messages, List<HandlingResult> results) {
        if (results.size() != messages) {
            throw new IllegalStateException(
                    results.size() + " results for a batch of " + messages + " messages");
        }
    }

    private static HandlingResult onlyResult(List<HandlingResult> results) {
        requireOneForEach(1, results);
        return results.getFirst();
    }

    private TracePropagation.MessageSpan startSpan(ReceivedMessage received) {
        var source = MessageSource.of(received.body());
        return traces.startMessageSpan(
                received.queueName() + " process", source.traceparent(), source.orderId());
    }

    /// Starts to apply a result.
    ///
    /// @return completed when the result is applied
    private CompletableFuture<Void> apply(HandlingResult result, MessageHandle message) {
        var received = message.message();
        return switch (result) {
            case HandlingResult.Acknowledge _ -> message.acknowledge();
            case HandlingResult.RetryLater(var delay) -> {
                message.changeVisibility(delay);
                yield CompletableFuture.completedFuture(null);
            }
            case HandlingResult.DependencyUnavailable cause -> {
                // One message of a batch: the others must not wait for it.
                returnToQueue(message, cause, outageBackOff, received.receiveCount());
                yield CompletableFuture.completedFuture(null);
            }
            case HandlingResult.Reject(var reason) -> {
                log.warn("{} is rejected and moved to the dead-letter queue: {}", received, reason);
                // Copy first, then delete: after a crash in between there are two messages, never
                // none.
                deadLetters.send(received, reason);
                yield message.acknowledge();
            }
        };
    }

    /// Waits until a result is applied, then logs and counts it. Throws nothing.
    private void awaitApplied(
            HandlingResult result, MessageHandle message, CompletableFuture<Void> applying) {
        var received = message.message();
        try {
            applying.join();
        } catch (CompletionException | CancellationException failed) {
            log.warn(
                    "{} was handled but could not be deleted; SQS will deliver it again: {}",
                    received,
                    FailureDescription.of(failed));
            count(received, "not-deleted");
            return;
        }
        switch (result) {
            case HandlingResult.Acknowledge _ -> {
                log.debug("{} was handled and deleted", received);
                count(received, "acknowledged");
            }
            case HandlingResult.RetryLater(var delay) -> {
                log.info("{} will be retried in {}", received, delay);
                count(received, "retried");
            }
            case HandlingResult.Reject _ -> count(received, "rejected");
            // Logged and counted when it was returned to its queue.
            case HandlingResult.DependencyUnavailable _ -> {}
        }
    }

    private void retryAfterFailure(MessageHandle message, RuntimeException unexpected) {
        var received = message.message();
        var delay = backOff.delayAfter(received.receiveCount());
        log.warn(
                "{}: handler failed, retrying in {}",
                received,
                delay,
                RedactedException.of(unexpected));
        count(received, "failed");
        incidents.recordFailure(received, unexpected);
        changeVisibility(message, delay);
    }

    private static void changeVisibility(MessageHandle message, Duration delay) {
        try {
            message.changeVisibility(delay);
        } catch (RuntimeException failed) {
            // SQS delivers it again when its visibility time-out ends.
            log.info(
                    "{}: visibility time-out could not be changed: {}",
                    message.message(),
                    FailureDescription.of(failed));
        }
    }

    private void count(ReceivedMessage received, String outcome) {
        meters.counter("messages.deliveries", "queue", received.queueName(), "outcome", outcome)
                .increment();
    }
}
