package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.ports.QueuePort.TypedAttribute;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The operations that publish messages.
final class SnsPublishOperations {

    private static final int MOST_BYTES = 262_144;
    private static final int MOST_ENTRIES = 10;
    private static final Pattern BATCH_ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");

    private final CloudClock clock;
    private final SnsTopicDirectory topics;
    private final SubscriptionDelivery subscriptionDelivery;

    SnsPublishOperations(
            CloudClock clock, SnsTopicDirectory topics, SubscriptionDelivery subscriptionDelivery) {
        this.clock = clock;
        this.topics = topics;
        this.subscriptionDelivery = subscriptionDelivery;
    }

    /// @param parameters those of `Publish`
    ObjectNode publish(ObjectNode parameters) {
        if (parameters.has("PhoneNumber")) {
            throw SnsErrors.invalid(
                    "PhoneNumber Reason: local-cloud does not support text messages");
        }
        var members =
                RequestMembers.of(
                        "Publish",
                        parameters,
                        SnsErrors::invalid,
                        Set.of(
                                "TopicArn",
                                "TargetArn",
                                "Message",
                                "Subject",
                                "MessageStructure",
                                "MessageAttributes",
                                "MessageGroupId",
                                "MessageDeduplicationId"));
        var target = members.optional("TargetArn");
        var arn = members.optional("TopicArn");
        if (arn != null && target != null) {
            throw SnsErrors.invalid(
                    "TargetArn Reason: only one of TopicArn and TargetArn can be given");
        }
        if (arn == null) {
            arn = target;
        }
        if (arn == null) {
            throw SnsErrors.invalid(
                    "TopicArn or TargetArn Reason: no value for required parameter");
        }
        var topic = topics.topic(arn);
        return answer().put(
                        "MessageId",
                        publish(topic, SnsMessageParser.parse(members, clock.instant())));
    }

    /// @throws AwsErrorException `InvalidParameter` if the message is too long
    private String publish(SnsTopic topic, SnsMessage message) {
        long size = SnsMessageParser.size(message);
        if (size > MOST_BYTES) {
            throw SnsErrors.invalid("Message too long");
        }
        subscriptionDelivery.record(topic, "NumberOfMessagesPublished", 1);
        subscriptionDelivery.record(topic, "PublishSize", size);
        subscriptionDelivery.deliver(topic, message);
        return message.id();
    }

    /// Publishes the message of another service.
    String publish(
            String topicArn,
            @Nullable String subject,
            String message,
            Map<String, String> attributes) {
        var topic = topics.topic(topicArn);
        var typed = new LinkedHashMap<String, TypedAttribute>();
        attributes.forEach((name, value) -> typed.put(name, new TypedAttribute("String", value)));
        var published =
                new SnsMessage(
                        UUID.randomUUID().toString(),
                        clock.instant(),
                        subject,
                        message,
                        Map.of(),
                        typed,
                        null);
        if (message.isEmpty()) {
            throw SnsErrors.invalid("Empty message");
        }
        return publish(topic, published);
    }

    ObjectNode publishBatch(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("TopicArn", "PublishBatchRequestEntries"));
        var topic = topics.topic(members.required("TopicArn"));
        var nodes = members.objects("PublishBatchRequestEntries");
        if (nodes.isEmpty()) {
            throw AwsErrorException.client(
                    "EmptyBatchRequest", "The batch request doesn't contain any entries.");
        }
        if (nodes.size() > MOST_ENTRIES) {
            throw AwsErrorException.client(
                    "TooManyEntriesInBatchRequest",
                    "The batch request contains more entries than permissible.");
        }
        var entries = new LinkedHashMap<String, RequestMembers>();
        var ids = new HashSet<String>();
        for (ObjectNode node : nodes) {
            var entry =
                    RequestMembers.of(
                            "PublishBatch",
                            node,
                            SnsErrors::invalid,
                            Set.of(
                                    "Id",
                                    "Message",
                                    "Subject",
                                    "MessageStructure",
                                    "MessageAttributes",
                                    "MessageGroupId",
                                    "MessageDeduplicationId"));
            var id = entry.required("Id");
            if (!BATCH_ID.matcher(id).matches()) {
                throw AwsErrorException.client(
                        "InvalidBatchEntryId",
                        "The Id of a batch entry in a batch request doesn't abide by the specification.");
            }
            if (!ids.add(id)) {
                throw AwsErrorException.client(
                        "BatchEntryIdsNotDistinct",
                        "Two or more batch entries in the request have the same Id.");
            }
            entries.put(id, entry);
        }
        return publishAll(topic, entries);
    }

    private ObjectNode publishAll(SnsTopic topic, Map<String, RequestMembers> entries) {
        var answer = answer();
        var successful = answer.putArray("Successful");
        var failed = answer.putArray("Failed");
        var messages = new LinkedHashMap<String, SnsMessage>();
        long size = 0;
        for (var entry : entries.entrySet()) {
            try {
                var message = SnsMessageParser.parse(entry.getValue(), clock.instant());
                size += SnsMessageParser.size(message);
                messages.put(entry.getKey(), message);
            } catch (AwsErrorException e) {
                failed.addObject()
                        .put("Id", entry.getKey())
                        .put("Code", e.code())
                        .put("Message", e.getMessage())
                        .put("SenderFault", true);
            }
        }
        if (size > MOST_BYTES) {
            throw AwsErrorException.client(
                    "BatchRequestTooLong",
                    "The length of all the messages put together is more than the limit.");
        }
        messages.forEach(
                (id, message) ->
                        successful
                                .addObject()
                                .put("Id", id)
                                .put("MessageId", publish(topic, message)));
        return answer;
    }

    private static ObjectNode answer() {
        return SnsMessage.JSON.createObjectNode();
    }
}
