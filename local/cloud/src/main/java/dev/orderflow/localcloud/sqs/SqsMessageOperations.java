package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.sqs.SqsMessage.SqsMessageContent;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The operations on messages: send, receive and change visibility.
final class SqsMessageOperations implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int MOST_IN_A_BATCH = 10;
    private static final int LARGEST_BATCH = 1_048_576;
    private static final Pattern ENTRY_ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final Pattern GROUP_ID =
            Pattern.compile("[A-Za-z0-9!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]{1,128}");

    /// The sender id that receivers see.
    private static final String SENDER = "AIDAIT2UOQQY3AUEKVGXU";

    private static final List<String> MESSAGE_ATTRIBUTES =
            List.of(
                    "SenderId",
                    "SentTimestamp",
                    "ApproximateReceiveCount",
                    "ApproximateFirstReceiveTimestamp",
                    "SequenceNumber",
                    "MessageDeduplicationId",
                    "MessageGroupId",
                    "AWSTraceHeader",
                    "DeadLetterQueueSourceArn");

    private final SqsQueueDirectory queues;
    private volatile boolean closed;

    SqsMessageOperations(SqsQueueDirectory queues) {
        this.queues = queues;
    }

    ObjectNode send(SqsQueue queue, ObjectNode input) {
        var body = requiredBody(input);
        var content = content(queue, input, body);
        requireSize(queue, size(content));
        var delay = SqsInput.integer(input, SqsQueueAttributes.DELAY);
        if (delay != null) {
            if (delay < 0 || delay > SqsQueueAttributes.LONGEST_DELAY) {
                throw SqsErrors.invalidParameter(
                        SqsQueueAttributes.DELAY, delay, "DelaySeconds must be >= 0 and <= 900.");
            }
            if (queue.fifo() && delay > 0) {
                throw SqsErrors.invalidParameter(
                        SqsQueueAttributes.DELAY,
                        delay,
                        "The request include parameter that is not valid for this queue type.");
            }
        }
        var sent = queue.send(content, queue.fifo() ? null : delay);
        var answer =
                JSON.createObjectNode()
                        .put("MessageId", sent.messageId())
                        .put("MD5OfMessageBody", SqsMessageAttributes.md5(body));
        if (!content.attributes().isEmpty()) {
            answer.put("MD5OfMessageAttributes", SqsMessageAttributes.md5(content.attributes()));
        }
        if (!content.systemAttributes().isEmpty()) {
            answer.put(
                    "MD5OfMessageSystemAttributes",
                    SqsMessageAttributes.md5(content.systemAttributes()));
        }
        if (sent.sequenceNumber() != null) {
            answer.put("SequenceNumber", sent.sequenceNumber());
        }
        return answer;
    }

    private static String requiredBody(ObjectNode input) {
        var body = SqsInput.required(input, "MessageBody");
        if (!SqsMessageAttributes.isValidText(body)) {
            throw SqsErrors.invalidContents();
        }
        return body;
    }

    private static SqsMessageContent content(SqsQueue queue, ObjectNode input, String body) {
        var group = input.path("MessageGroupId").asString(null);
        var deduplication = input.path("MessageDeduplicationId").asString(null);
        if (group != null && !GROUP_ID.matcher(group).matches()) {
            throw SqsErrors.invalidParameter(
                    "MessageGroupId",
                    group,
                    "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
        }
        if (deduplication != null) {
            if (!queue.fifo()) {
                throw SqsErrors.invalidParameter(
                        "MessageDeduplicationId",
                        deduplication,
                        "The request include parameter that is not valid for this queue type.");
            }
            if (!GROUP_ID.matcher(deduplication).matches()) {
                throw SqsErrors.invalidParameter(
                        "MessageDeduplicationId",
                        deduplication,
                        "MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
            }
        }
        if (queue.fifo()) {
            if (group == null) {
                throw SqsErrors.missingParameter("MessageGroupId");
            }
            if (deduplication == null
                    && !"true".equals(queue.attribute(SqsQueueAttributes.CONTENT_DEDUPLICATION))) {
                throw SqsErrors.invalidParameter(
                        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly");
            }
        }
        return new SqsMessageContent(
                body,
                SqsMessageAttributes.read(input.path("MessageAttributes")),
                SqsMessageAttributes.readSystem(input.path("MessageSystemAttributes")),
                group,
                deduplication);
    }

    private static int size(SqsMessageContent content) {
        return content.body().getBytes(StandardCharsets.UTF_8).length
                + SqsMessageAttributes.size(content.attributes());
    }

    private static void requireSize(SqsQueue queue, int size) {
        int most =
                Integer.parseInt(
                        String.valueOf(queue.attribute(SqsQueueAttributes.LARGEST_MESSAGE)));
        if (size > most) {
            throw SqsErrors.invalidParameter(
                    "One or more parameters are invalid. Reason: Message must be shorter than %d bytes."
                            .formatted(most));
        }
    }

    ObjectNode sendBatch(ObjectNode input) {
        var queue = queues.fromUrl(input);
        var entries = entries(input, "SendMessageBatch");
        long size = 0;
        for (var entry : entries) {
            size += entry.path("MessageBody").asString("").getBytes(StandardCharsets.UTF_8).length;
            for (var attribute : entry.path("MessageAttributes").properties()) {
                size += attribute.getKey().length();
                for (var part : attribute.getValue()) {
                    size += part.isString() ? part.stringValue().length() : 0;
                }
            }
        }
        if (size > LARGEST_BATCH) {
            throw SqsErrors.named(
                    "BatchRequestTooLong",
                    "Batch requests cannot be longer than %d bytes. You have sent %d bytes."
                            .formatted(LARGEST_BATCH, size));
        }
        if (queue.fifo()) {
            // AWS rejects the whole request, not the entry.
            for (var entry : entries) {
                if (!entry.path("MessageGroupId").isString()) {
                    throw SqsErrors.missingParameter("MessageGroupId");
                }
            }
        }
        return batch(entries, entry -> send(queue, entry));
    }

    private static List<ObjectNode> entries(ObjectNode input, String operation) {
        var entries = new ArrayList<ObjectNode>();
        for (var entry : input.path("Entries")) {
            if (entry instanceof ObjectNode structure) {
                entries.add(structure);
            }
        }
        if (entries.isEmpty()) {
            throw SqsErrors.named(
                    "EmptyBatchRequest",
                    "There should be at least one %sRequestEntry in the request."
                            .formatted(operation));
        }
        if (entries.size() > MOST_IN_A_BATCH) {
            throw SqsErrors.named(
                    "TooManyEntriesInBatchRequest",
                    "Maximum number of entries per request are %d. You have sent %d."
                            .formatted(MOST_IN_A_BATCH, entries.size()));
        }
        var ids = new HashSet<String>();
        for (var entry : entries) {
            var id = SqsInput.required(entry, "Id");
            if (!ENTRY_ID.matcher(id).matches()) {
                throw SqsErrors.named(
                        "InvalidBatchEntryId",
                        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.");
            }
            if (!ids.add(id)) {
                throw SqsErrors.named("BatchEntryIdsNotDistinct", "Id " + id + " repeated.");
            }
        }
        return entries;
    }

    static ObjectNode batch(
            ObjectNode input, String operation, Function<ObjectNode, ObjectNode> call) {
        return batch(entries(input, operation), call);
    }

    private static ObjectNode batch(
            List<ObjectNode> entries, Function<ObjectNode, ObjectNode> call) {
        var successful = JSON.createArrayNode();
        var failed = JSON.createArrayNode();
        for (var entry : entries) {
            var id = entry.path("Id").asString();
            try {
                var done = call.apply(entry);
                var result = successful.addObject().put("Id", id);
                done.properties().forEach(member -> result.set(member.getKey(), member.getValue()));
            } catch (AwsErrorException failure) {
                failed.addObject()
                        .put("Id", id)
                        .put("SenderFault", true)
                        .put("Code", failure.code())
                        .put("Message", String.valueOf(failure.getMessage()));
            }
        }
        var answer = JSON.createObjectNode();
        putUnlessEmpty(answer, "Successful", successful);
        putUnlessEmpty(answer, "Failed", failed);
        return answer;
    }

    private static void putUnlessEmpty(ObjectNode answer, String member, ArrayNode list) {
        if (!list.isEmpty()) {
            answer.set(member, list);
        }
    }

    ObjectNode receive(ObjectNode input) {
        var queue = queues.fromUrl(input);
        var most = SqsInput.integer(input, "MaxNumberOfMessages");
        if (most != null && (most < 1 || most > MOST_IN_A_BATCH)) {
            throw SqsErrors.invalidParameter(
                    "MaxNumberOfMessages", most, "Must be between 1 and 10, if provided.");
        }
        var wait = SqsInput.integer(input, "WaitTimeSeconds");
        if (wait != null && (wait < 0 || wait > SqsQueueAttributes.LONGEST_POLL_SECONDS)) {
            throw SqsErrors.invalidParameter(
                    "WaitTimeSeconds", wait, "Must be >= 0 and <= 20, if provided.");
        }
        var visibility = SqsInput.integer(input, SqsQueueAttributes.VISIBILITY);
        if (visibility != null
                && (visibility < 0 || visibility > SqsQueueAttributes.LONGEST_INVISIBILITY)) {
            throw SqsErrors.invalidParameter(
                    SqsQueueAttributes.VISIBILITY,
                    visibility,
                    "Must be >= 0 and <= 43200, if provided.");
        }
        var system = new HashSet<>(SqsInput.strings(input, "AttributeNames"));
        system.addAll(SqsInput.strings(input, "MessageSystemAttributeNames"));
        for (var name : system) {
            if (!name.equals("All") && !MESSAGE_ATTRIBUTES.contains(name)) {
                throw SqsErrors.unknownAttribute(name);
            }
        }
        var attributeNames = SqsInput.strings(input, "MessageAttributeNames");
        var answer = JSON.createObjectNode();
        for (var message :
                receive(
                        queue,
                        most == null ? 1 : most,
                        visibility,
                        attemptId(queue, input),
                        wait == null
                                ? Integer.parseInt(
                                        String.valueOf(queue.attribute(SqsQueueAttributes.WAIT)))
                                : wait)) {
            describe(
                    queue,
                    message,
                    name -> system.contains("All") || system.contains(name),
                    attributeNames,
                    answer.withArray("/Messages").addObject());
        }
        return answer;
    }

    private static @Nullable String attemptId(SqsQueue queue, ObjectNode input) {
        var id = input.path("ReceiveRequestAttemptId").asString("");
        if (id.isEmpty()) {
            return null;
        }
        if (!queue.fifo()) {
            throw SqsErrors.invalidParameter(
                    "ReceiveRequestAttemptId",
                    id,
                    "The request include parameter that is not valid for this queue type.");
        }
        if (!GROUP_ID.matcher(id).matches()) {
            throw SqsErrors.invalidParameter(
                    "ReceiveRequestAttemptId",
                    id,
                    "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.");
        }
        return id;
    }

    private List<SqsMessage> receive(
            SqsQueue queue,
            int most,
            @Nullable Integer visibility,
            @Nullable String attemptId,
            int waitSeconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        while (true) {
            if (closed) {
                return List.of();
            }
            var received = queue.receive(most, visibility, attemptId, deadline);
            if (!received.exhausted().isEmpty()) {
                deadLetter(queue, received.exhausted());
            }
            if (!received.messages().isEmpty() || received.exhausted().isEmpty()) {
                if (received.messages().isEmpty()) {
                    queue.emptyReceives.increment();
                }
                return received.messages();
            }
        }
    }

    /// Without the lock of the source queue: a dead-letter queue may have its own dead-letter
    /// queue.
    private void deadLetter(SqsQueue source, List<SqsMessage> exhausted) {
        var redrive = source.redrive();
        var target = redrive == null ? null : queues.find(redrive.arn());
        for (var message : exhausted) {
            if (target == null) {
                source.restore(message);
            } else {
                target.addDeadLetter(message, source.arn());
            }
        }
    }

    private static void describe(
            SqsQueue queue,
            SqsMessage message,
            Predicate<String> wantsSystem,
            List<String> attributeNames,
            ObjectNode into) {
        var content = message.content;
        into.put("MessageId", message.id)
                .put("ReceiptHandle", queue.receiptHandle(message))
                .put("MD5OfBody", SqsMessageAttributes.md5(content.body()))
                .put("Body", content.body());
        var system = systemAttributes(queue, message);
        system.keySet().removeIf(wantsSystem.negate());
        if (!system.isEmpty()) {
            var attributes = into.putObject("Attributes");
            system.forEach(attributes::put);
        }
        var attributes = new LinkedHashMap<String, JsonNode>();
        content.attributes()
                .forEach(
                        (name, value) -> {
                            if (isRequested(name, attributeNames)) {
                                attributes.put(name, value);
                            }
                        });
        if (!attributes.isEmpty()) {
            into.put("MD5OfMessageAttributes", SqsMessageAttributes.md5(attributes));
            var all = into.putObject("MessageAttributes");
            attributes.forEach(all::set);
        }
    }

    private static boolean isRequested(String name, List<String> attributeNames) {
        return attributeNames.stream()
                .anyMatch(
                        pattern ->
                                pattern.equals("All")
                                        || pattern.equals(name)
                                        || pattern.endsWith(".*")
                                                && name.startsWith(
                                                        pattern.substring(
                                                                0, pattern.length() - 2)));
    }

    private static Map<String, String> systemAttributes(SqsQueue queue, SqsMessage message) {
        var content = message.content;
        var all = new LinkedHashMap<String, String>();
        all.put("SenderId", SENDER);
        all.put("SentTimestamp", Long.toString(message.sentMillis));
        all.put("ApproximateReceiveCount", Integer.toString(message.receiveCount));
        all.put("ApproximateFirstReceiveTimestamp", Long.toString(message.firstReceivedMillis));
        if (queue.fifo()) {
            all.put("SequenceNumber", SqsQueue.sequenceNumber(message));
            all.put(
                    "MessageDeduplicationId",
                    content.deduplicationId() == null
                            ? SqsMessageAttributes.sha256(content.body())
                            : content.deduplicationId());
        }
        if (content.groupId() != null) {
            all.put("MessageGroupId", content.groupId());
        }
        content.systemAttributes()
                .forEach((name, value) -> all.put(name, value.path("StringValue").asString()));
        if (message.deadLetterSourceArn != null) {
            all.put("DeadLetterQueueSourceArn", message.deadLetterSourceArn);
        }
        return all;
    }

    static ObjectNode changeVisibility(SqsQueue queue, ObjectNode input) {
        var handle = SqsInput.required(input, "ReceiptHandle");
        var seconds = SqsInput.integer(input, SqsQueueAttributes.VISIBILITY);
        if (seconds == null) {
            throw SqsErrors.missingParameter(SqsQueueAttributes.VISIBILITY);
        }
        if (seconds < 0 || seconds > SqsQueueAttributes.LONGEST_INVISIBILITY) {
            throw SqsErrors.invalidParameter(
                    SqsQueueAttributes.VISIBILITY,
                    seconds,
                    "VisibilityTimeout must be an integer between 0 and 43200.");
        }
        queue.changeVisibility(handle, seconds);
        return JSON.createObjectNode();
    }

    /// Ends all waiting receives with an empty response.
    @Override
    public void close() {
        closed = true;
        queues.all().forEach(SqsQueue::close);
    }
}
