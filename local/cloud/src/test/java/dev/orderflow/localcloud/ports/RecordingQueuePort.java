package dev.orderflow.localcloud.ports;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Queues that record messages and fail as configured.
public final class RecordingQueuePort implements QueuePort {

    /// @param attributes by name
    public record RecordedMessage(
            String body, Map<String, TypedAttribute> attributes, @Nullable String groupId) {

        /// The attributes' values.
        public Map<String, String> values() {
            var values = new ConcurrentHashMap<String, String>();
            attributes.forEach((name, attribute) -> values.put(name, attribute.value()));
            return values;
        }
    }

    private record PlannedFailure(AwsErrorException error, AtomicInteger times) {}

    private final Map<String, List<RecordedMessage>> sent = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
    private final Map<String, PlannedFailure> failures = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> latches = new ConcurrentHashMap<>();

    /// Makes the next sends to a queue fail.
    public void fail(String arn, int times, AwsErrorException error) {
        failures.put(arn, new PlannedFailure(error, new AtomicInteger(times)));
    }

    /// Makes sends to a queue wait until the latch opens.
    public void blockUntil(String arn, CountDownLatch until) {
        latches.put(arn, until);
    }

    /// The received messages.
    public List<RecordedMessage> messages(String arn) {
        return sent.getOrDefault(arn, List.of());
    }

    /// The number of send attempts.
    public int attempts(String arn) {
        return attempts.getOrDefault(arn, new AtomicInteger()).get();
    }

    @Override
    public String send(
            String queueArn,
            String body,
            Map<String, String> attributes,
            @Nullable String messageGroupId) {
        var typed = new ConcurrentHashMap<String, TypedAttribute>();
        attributes.forEach((name, value) -> typed.put(name, new TypedAttribute("String", value)));
        return sendTyped(queueArn, body, typed, messageGroupId);
    }

    @Override
    public String sendTyped(
            String queueArn,
            String body,
            Map<String, TypedAttribute> attributes,
            @Nullable String messageGroupId) {
        attempts.computeIfAbsent(queueArn, _ -> new AtomicInteger()).incrementAndGet();
        var latch = latches.get(queueArn);
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        var failure = failures.get(queueArn);
        if (failure != null && failure.times().getAndDecrement() > 0) {
            throw failure.error();
        }
        sent.computeIfAbsent(queueArn, _ -> new CopyOnWriteArrayList<>())
                .add(new RecordedMessage(body, Map.copyOf(attributes), messageGroupId));
        return UUID.randomUUID().toString();
    }

    @Override
    public ObjectNode sendMessage(String queue, ObjectNode parameters) {
        var attributes = new ConcurrentHashMap<String, TypedAttribute>();
        parameters
                .path("MessageAttributes")
                .properties()
                .forEach(
                        attribute ->
                                attributes.put(attribute.getKey(), typed(attribute.getValue())));
        var id =
                sendTyped(
                        queue,
                        parameters.path("MessageBody").asString(),
                        attributes,
                        parameters.path("MessageGroupId").asString(null));
        return JsonMapper.shared()
                .createObjectNode()
                .put("MD5OfMessageBody", "md5")
                .put("MessageId", id);
    }

    private static TypedAttribute typed(JsonNode attribute) {
        return new TypedAttribute(
                attribute.path("DataType").asString(),
                attribute.path("StringValue").asString(attribute.path("BinaryValue").asString("")));
    }

    @Override
    public boolean exists(String queueArn) {
        return true;
    }
}
