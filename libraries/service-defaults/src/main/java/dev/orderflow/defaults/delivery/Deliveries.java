package dev.orderflow.defaults.delivery;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.springframework.messaging.Message;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Carries out what the handlers of listeners say should become of their messages.
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
/// While something that a handler cannot do without does not answer, be it the database or what
/// [Outcome.Unavailable] names, its messages wait here without losing receives, and polling pauses.
///
/// A message is deleted as soon as it is handled, by this class and not by the container.
///
/// Each delivery is a span of the trace its message carries, also when the message was redriven or
/// replayed; log lines written meanwhile name trace and order. Of a batch handled in one go this is
/// true for what is logged about each message, not for what the handler logs.
public final class Deliveries {

    private final Settlement settlement;
    private final SqsAsyncClient sqs;
    private final Acknowledgements acknowledgements;

    Deliveries(Settlement settlement, SqsAsyncClient sqs) {
        this.settlement = settlement;
        this.sqs = sqs;
        this.acknowledgements = new Acknowledgements(sqs);
    }

    /// As [Settlement#settle(Incoming, Function)].
    public void settle(Message<String> message, Function<Delivery, Outcome> handler) {
        settlement.settle(received(message), handler);
    }

    /// As [Settlement#settleBatch(List, Function)].
    public void settleBatch(
            Collection<Message<String>> messages, Function<List<Delivery>, List<Outcome>> handler) {
        settlement.settleBatch(messages.stream().map(this::received).toList(), handler);
    }

    private Incoming received(Message<String> message) {
        return ListenerMessage.of(message, sqs, acknowledgements);
    }
}
