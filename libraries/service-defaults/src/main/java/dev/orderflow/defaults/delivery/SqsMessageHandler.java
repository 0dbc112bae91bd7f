package dev.orderflow.defaults.delivery;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.springframework.messaging.Message;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Connects `@SqsListener` methods with their handlers: applies the [HandlingResult] of a handler
/// to the message.
///
/// A listener uses the acknowledgement mode `MANUAL` and passes on what it receives:
///
/// ```java
/// @SqsListener(
///         queueNames = "${orderflow.shipping.queues.shipping-requests}",
///         acknowledgementMode = "MANUAL")
/// void onMessage(Message<String> message) {
///     messages.handle(message, this::handle);
/// }
/// ```
///
/// An exception from a handler means that the result is unknown: the message is retried with
/// exponential back-off until the queue's `maxReceiveCount` moves it to the dead-letter queue.
///
/// While a dependency of a handler is unavailable (the database, AWS, or what
/// [HandlingResult.DependencyUnavailable] names), its messages wait in this instance without losing
/// receives, and the polling of the queue pauses.
///
/// This class, not the listener container, deletes a message as soon as it is handled.
///
/// Each delivery is a span of the trace that its message carries, also after a redrive or a replay,
/// and its log lines name the trace and the order. For a batch, this holds for the log lines about
/// each message, not for those of the handler.
public final class SqsMessageHandler {

    private final MessageProcessor processor;
    private final SqsAsyncClient sqs;
    private final MessageDeleter deleter;

    SqsMessageHandler(MessageProcessor processor, SqsAsyncClient sqs) {
        this.processor = processor;
        this.sqs = sqs;
        this.deleter = new MessageDeleter(sqs);
    }

    /// As [MessageProcessor#process(MessageHandle, Function)].
    public void handle(Message<String> message, Function<ReceivedMessage, HandlingResult> handler) {
        processor.process(handleOf(message), handler);
    }

    /// As [MessageProcessor#processBatch(List, Function)].
    public void handleBatch(
            Collection<Message<String>> messages,
            Function<List<ReceivedMessage>, List<HandlingResult>> handler) {
        processor.processBatch(messages.stream().map(this::handleOf).toList(), handler);
    }

    private MessageHandle handleOf(Message<String> message) {
        return SqsMessageHandle.of(message, sqs, deleter);
    }
}
