package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.tracing.Redacted;
import dev.orderflow.defaults.tracing.Traces;
import io.awspring.cloud.sqs.listener.SqsHeaders;
import io.awspring.cloud.sqs.listener.SqsHeaders.MessageSystemAttributes;
import io.awspring.cloud.sqs.listener.Visibility;
import io.awspring.cloud.sqs.listener.acknowledgement.Acknowledgement;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;

/// Carries out what handlers say should become of their messages.
///
/// A listener has acknowledgement mode `MANUAL` and hands over what it receives:
///
/// ```java
/// @SqsListener(queueNames = "${orderflow.shipping.requests-queue}", acknowledgementMode =
///     "MANUAL") void on(Message<String> message) { deliveries.settle(message, this::handle); }
/// ```
///
/// An exception from a handler means "unknown, try again": the message comes back with exponential
/// back-off until the queue's `maxReceiveCount` moves it to the dead-letter queue.
///
/// Each delivery is a span of the trace its message carries, also when the message was redriven or
/// replayed; log lines written meanwhile name trace and order. Of a batch handled in one go this is
/// true for what is logged about each message, not for what the handler logs.
public final class Deliveries {

    private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

    private final DeadLetters deadLetters;
    private final MeterRegistry meters;
    private final BackOff backOff;
    private final Traces traces;

    Deliveries(DeadLetters deadLetters, MeterRegistry meters, BackOff backOff, Traces traces) {
        this.deadLetters = deadLetters;
        this.meters = meters;
        this.backOff = backOff;
        this.traces = traces;
    }

    /// Handles one message and does with it what the handler says. Does not throw: what the handler
    /// throws
    /// is logged and the message comes back later.
    public void settle(Message<String> message, Function<Delivery, Outcome> handler) {
        var delivery = deliveryOf(message);
        try (var work = workOn(delivery)) {
            work.during(
                    () -> {
                        try {
                            carryOut(handler.apply(delivery), delivery, message);
                        } catch (RuntimeException unexpected) {
                            work.failed(unexpected);
                            comeBackLater(delivery, message, unexpected);
                        }
                    });
        }
    }

    /// Handles a batch in one go, each message with an outcome of its own.
    ///
    /// When the handler throws, each message is handled alone, so that the one that does not work
    /// cannot
    /// keep its neighbours from being acknowledged. The handler must therefore be safe to repeat,
    /// which
    /// one transaction for each call gives.
    ///
    /// @param handler answers with one outcome for each delivery, in the same order
    public void settleBatch(
            Collection<Message<String>> messages, Function<List<Delivery>, List<Outcome>> handler) {
        var batch = List.copyOf(messages);
        if (batch.size() == 1) {
            settle(batch.getFirst(), one -> onlyOutcome(handler.apply(List.of(one))));
            return;
        }
        var deliveries = batch.stream().map(Deliveries::deliveryOf).toList();
        List<Outcome> outcomes;
        var works = deliveries.stream().map(this::workOn).toList();
        try {
            try {
                outcomes = handler.apply(deliveries);
            } catch (RuntimeException unexpected) {
                works.forEach(work -> work.failed(unexpected));
                log.info("a batch of {} failed, handling each alone", batch.size());
                batch.forEach(one -> settleBatch(List.of(one), handler));
                return;
            }
            requireOneForEach(batch.size(), outcomes);
            for (int i = 0; i < batch.size(); i++) {
                var message = batch.get(i);
                var delivery = deliveries.get(i);
                var outcome = outcomes.get(i);
                var work = works.get(i);
                work.during(
                        () -> {
                            try {
                                carryOut(outcome, delivery, message);
                            } catch (RuntimeException unexpected) {
                                work.failed(unexpected);
                                comeBackLater(delivery, message, unexpected);
                            }
                        });
            }
        } finally {
            works.forEach(Traces.Received::close);
        }
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

    private void carryOut(Outcome outcome, Delivery delivery, Message<String> message) {
        switch (outcome) {
            case Outcome.Done _ -> {
                Acknowledgement.acknowledge(message);
                log.info("{} is done", delivery);
            }
            case Outcome.NotYet(var delay) -> {
                hide(message, delay);
                log.info("{} comes back in {}", delivery, delay);
            }
            case Outcome.Hopeless(var reason) -> {
                log.warn("{} goes to the dead-letter queue: {}", delivery, reason);
                // First the copy, then the acknowledgement: a crash between the two leaves both.
                deadLetters.send(delivery, reason);
                Acknowledgement.acknowledge(message);
            }
        }
        count(delivery, outcome.getClass().getSimpleName());
    }

    private void comeBackLater(
            Delivery delivery, Message<String> message, RuntimeException unexpected) {
        var delay = backOff.after(delivery.receiveCount(), RandomGenerator.getDefault());
        log.warn("{} failed and comes back in {}", delivery, delay, Redacted.of(unexpected));
        count(delivery, "Failed");
        try {
            hide(message, delay);
        } catch (RuntimeException stillHidden) {
            // It comes back by itself when its visibility time-out ends.
            log.info("{} keeps its visibility time-out: {}", delivery, stillHidden.getMessage());
        }
    }

    private void count(Delivery delivery, String outcome) {
        meters.counter("deliveries", "queue", delivery.queue(), "outcome", outcome).increment();
    }

    private static void hide(Message<String> message, Duration delay) {
        var visibility =
                Objects.requireNonNull(
                        message.getHeaders()
                                .get(SqsHeaders.SQS_VISIBILITY_TIMEOUT_HEADER, Visibility.class));
        try {
            visibility.changeTo((int) delay.toSeconds());
        } catch (CompletionException refused) {
            throw refused.getCause() instanceof RuntimeException cause ? cause : refused;
        }
    }

    private static Delivery deliveryOf(Message<String> message) {
        return new Delivery(
                message.getPayload(),
                header(message, SqsHeaders.SQS_RAW_MESSAGE_ID_HEADER, ""),
                Integer.parseInt(
                        header(
                                message,
                                MessageSystemAttributes.SQS_APPROXIMATE_RECEIVE_COUNT,
                                "1")),
                Instant.ofEpochMilli(
                        Long.parseLong(
                                header(message, MessageSystemAttributes.SQS_SENT_TIMESTAMP, "0"))),
                header(message, SqsHeaders.SQS_QUEUE_URL_HEADER, ""));
    }

    private static String header(Message<String> message, String name, String otherwise) {
        var value = message.getHeaders().get(name);
        return value == null ? otherwise : value.toString();
    }
}
