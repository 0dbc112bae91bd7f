package dev.orderflow.benchmarks;

import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/// Receives, handles and deletes messages with the AWS SDK alone: as many messages at a time as a
/// listener, ten a call.
final class BareConsumer implements AutoCloseable {

    /// As `spring.cloud.aws.sqs.listener.max-concurrent-messages` of the services.
    private static final int CONCURRENT_MESSAGES = 20;

    private static final int PER_CALL = 10;

    /// What is done with messages.
    ///
    /// @param isBatch whether those that were received together are handled together
    record MessageHandling(
            boolean isBatch, Function<List<ReceivedMessage>, List<HandlingResult>> handler) {}

    private final SqsAsyncClient sqs;
    private final String url;
    private final MessageHandling handling;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean isEnding;

    private BareConsumer(SqsAsyncClient sqs, String url, MessageHandling handling) {
        this.sqs = sqs;
        this.url = url;
        this.handling = handling;
    }

    static BareConsumer start(SqsAsyncClient sqs, String queue, MessageHandling handling) {
        var url = sqs.getQueueUrl(request -> request.queueName(queue)).join().queueUrl();
        var consumer = new BareConsumer(sqs, url, handling);
        for (int loop = 0; loop < CONCURRENT_MESSAGES / PER_CALL; loop++) {
            consumer.threads.submit(consumer::loop);
        }
        return consumer;
    }

    private Void loop() throws InterruptedException, ExecutionException {
        while (!isEnding) {
            var messages =
                    sqs.receiveMessage(
                                    request ->
                                            request.queueUrl(url)
                                                    .maxNumberOfMessages(PER_CALL)
                                                    .waitTimeSeconds(1)
                                                    .messageSystemAttributeNames(
                                                            MessageSystemAttributeName
                                                                    .APPROXIMATE_RECEIVE_COUNT,
                                                            MessageSystemAttributeName
                                                                    .SENT_TIMESTAMP))
                            .join()
                            .messages();
            if (!messages.isEmpty()) {
                handle(messages);
            }
        }
        return null;
    }

    private void handle(List<Message> messages) throws InterruptedException, ExecutionException {
        var tasks = new ArrayList<Callable<List<HandlingResult>>>();
        var received = messages.stream().map(this::toReceived).toList();
        if (handling.isBatch()) {
            tasks.add(() -> handling.handler().apply(received));
        } else {
            received.forEach(each -> tasks.add(() -> handling.handler().apply(List.of(each))));
        }
        for (var each : threads.invokeAll(tasks)) {
            each.get();
        }
        sqs.deleteMessageBatch(
                        request ->
                                request.queueUrl(url)
                                        .entries(
                                                IntStream.range(0, messages.size())
                                                        .mapToObj(
                                                                number ->
                                                                        entry(
                                                                                number,
                                                                                messages.get(
                                                                                        number)))
                                                        .toList()))
                .join();
    }

    private static DeleteMessageBatchRequestEntry entry(int number, Message message) {
        return DeleteMessageBatchRequestEntry.builder()
                .id(Integer.toString(number))
                .receiptHandle(message.receiptHandle())
                .build();
    }

    private ReceivedMessage toReceived(Message message) {
        return new ReceivedMessage(
                message.body(),
                message.messageId(),
                1,
                Instant.ofEpochMilli(
                        Long.parseLong(
                                message.attributes()
                                        .getOrDefault(
                                                MessageSystemAttributeName.SENT_TIMESTAMP, "0"))),
                url);
    }

    @Override
    public void close() {
        isEnding = true;
        threads.close();
    }
}
