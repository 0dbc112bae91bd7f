package dev.orderflow.analytics.lambda;

import dev.orderflow.defaults.delivery.MessageHandle;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The messages of one invocation. Each counts as failed until it is acknowledged.
record SqsBatch(List<BatchMessage> messages) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// @param sqs created when the visibility time-out of a message is changed
    /// @throws IllegalArgumentException if the event is not from that queue; then no message is
    ///     handled, and Lambda delivers all of them again
    static SqsBatch read(InputStream event, String queueUrl, Supplier<SqsClient> sqs)
            throws IOException {
        var messages = new ArrayList<BatchMessage>();
        for (var record : JSON.readTree(event.readAllBytes()).path("Records")) {
            requireFrom(queueUrl, record);
            messages.add(
                    new BatchMessage(
                            toReceivedMessage(record, queueUrl), receiptHandle(record), sqs));
        }
        return new SqsBatch(List.copyOf(messages));
    }

    private static void requireFrom(String queueUrl, JsonNode record) {
        var arn = record.path("eventSourceARN").asString("");
        if (!record.path("eventSource").asString("").equals("aws:sqs")
                || !arn.substring(arn.lastIndexOf(':') + 1)
                        .equals(queueUrl.substring(queueUrl.lastIndexOf('/') + 1))) {
            throw new IllegalArgumentException("the event is not from the queue " + queueUrl);
        }
    }

    private static ReceivedMessage toReceivedMessage(JsonNode record, String queueUrl) {
        var attributes = record.path("attributes");
        return new ReceivedMessage(
                text(record, "body"),
                text(record, "messageId"),
                Integer.parseInt(attributes.path("ApproximateReceiveCount").asString("1")),
                Instant.ofEpochMilli(
                        Long.parseLong(attributes.path("SentTimestamp").asString("0"))),
                queueUrl);
    }

    private static String receiptHandle(JsonNode record) {
        return text(record, "receiptHandle");
    }

    private static String text(JsonNode record, String field) {
        var value = record.path(field);
        if (!value.isString()) {
            throw new IllegalArgumentException("an SQS record has no " + field);
        }
        return value.stringValue();
    }

    /// The response that Lambda expects: the failed messages are delivered again, all others are
    /// deleted.
    byte[] toBatchResponse() {
        var answer = JSON.createObjectNode();
        var failures = answer.putArray("batchItemFailures");
        messages.stream()
                .filter(BatchMessage::isFailed)
                .forEach(
                        message ->
                                failures.addObject()
                                        .put("itemIdentifier", message.message().messageId()));
        return JSON.writeValueAsBytes(answer);
    }

    static final class BatchMessage implements MessageHandle {

        private final ReceivedMessage message;
        private final String receiptHandle;
        private final Supplier<SqsClient> sqs;
        private boolean failed = true;

        private BatchMessage(
                ReceivedMessage message, String receiptHandle, Supplier<SqsClient> sqs) {
            this.message = message;
            this.receiptHandle = receiptHandle;
            this.sqs = sqs;
        }

        @Override
        public ReceivedMessage message() {
            return message;
        }

        /// Lambda deletes the message when the invocation ends.
        @Override
        public CompletableFuture<Void> acknowledge() {
            failed = false;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void changeVisibility(Duration delay) {
            sqs.get()
                    .changeMessageVisibility(
                            change ->
                                    change.queueUrl(message.queueUrl())
                                            .receiptHandle(receiptHandle)
                                            .visibilityTimeout((int) delay.toSeconds()));
        }

        boolean isFailed() {
            return failed;
        }
    }
}
