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
/// @SqsListener(queueNames = "${orderflow.shipping.requests-queue}",
///         acknowledgementMode = "MANUAL")
/// void onMessage(Message<String> message) { messages.handle(message, this::handle); }
/// ```
///
/// An exception from a handler means "unknown, try again": the message comes back with exponential
/// back-off until the queue's `maxReceiveCount` moves it to the dead-letter queue.
///
/// While something that a handler cannot do without does not answer, be it the database or what
/// [HandlingResult.Unavailable] names, its messages wait here without losing receives, and polling
/// pauses.
///
/// A message is deleted as soon as it is handled, by this class and not by the container.
///
/// Each delivery is a span of the trace its message carries, also when the message was redriven or
/// replayed; log lines written meanwhile name trace and order. Of a batch handled in one go this is
/// true for what is logged about each message, not for what the handler logs.
public final class SqsMessageHandler {

    private final MessageProcessor settlement;
    private final SqsAsyncClient sqs;
    private final MessageDeleter acknowledgements;

    SqsMessageHandler(MessageProcessor settlement, SqsAsyncClient sqs) {
        this.settlement = settlement;
        this.sqs = sqs;
        this.acknowledgements = new MessageDeleter(sqs);
    }

    /// As [MessageProcessor#process(Incoming, Function)].
    public void handle(Message<String> message, Function<ReceivedMessage, HandlingResult> handler) {
        settlement.process(handleOf(message), handler);
    }

    /// As [MessageProcessor#processBatch(List, Function)].
    public void handleBatch(
            Collection<Message<String>> messages,
            Function<List<ReceivedMessage>, List<HandlingResult>> handler) {
        settlement.processBatch(messages.stream().map(this::handleOf).toList(), handler);
    }

    private MessageHandle handleOf(Message<String> message) {
        return SqsMessageHandle.of(message, sqs, acknowledgements);
    }
}
