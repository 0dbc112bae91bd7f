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

/// The messages of one call, and which of them are still to come back: all, until they are
/// acknowledged.
record SqsBatch(List<BatchMessage> messages) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /// @param sqs asked for when a message is to come back at another time than the queue says
    /// @throws IllegalArgumentException when it is no event of that queue: then nothing of it is
    ///     touched and all of it comes back
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
            throw new IllegalArgumentException("an event that is not from " + queueUrl);
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
            throw new IllegalArgumentException("a record of SQS has no " + field);
        }
        return value.stringValue();
    }

    /// The answer that Lambda expects: every message in it comes back, the others are deleted.
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

    /// One message of the batch.
    static final class BatchMessage implements MessageHandle {

        private final ReceivedMessage delivery;
        private final String receiptHandle;
        private final Supplier<SqsClient> sqs;
        private boolean failed = true;

        private BatchMessage(
                ReceivedMessage delivery, String receiptHandle, Supplier<SqsClient> sqs) {
            this.delivery = delivery;
            this.receiptHandle = receiptHandle;
            this.sqs = sqs;
        }

        @Override
        public ReceivedMessage message() {
            return delivery;
        }

        /// Lambda deletes it when the call has ended.
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
                                    change.queueUrl(delivery.queueUrl())
                                            .receiptHandle(receiptHandle)
                                            .visibilityTimeout((int) delay.toSeconds()));
        }

        boolean isFailed() {
            return failed;
        }
    }
}
