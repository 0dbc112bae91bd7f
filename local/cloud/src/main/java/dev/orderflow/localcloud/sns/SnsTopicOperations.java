package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.TagRules;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The operations on topics, their attributes and tags.
final class SnsTopicOperations {

    private static final int MOST_TAGS = 50;
    private static final Pattern TOPIC_NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}");

    private final SnsTopicDirectory topics;

    SnsTopicOperations(SnsTopicDirectory topics) {
        this.topics = topics;
    }

    ObjectNode createTopic(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("Name", "Attributes", "Tags"));
        var name = members.required("Name");
        var attributes = new LinkedHashMap<>(members.stringMap("Attributes"));
        boolean fifo = attributes.remove("FifoTopic") instanceof String text && text.equals("true");
        if (fifo || name.endsWith(".fifo")) {
            throw SnsErrors.invalid("FifoTopic: local-cloud does not support FIFO topics");
        }
        if (!TOPIC_NAME.matcher(name).matches()) {
            throw SnsErrors.invalid("Topic Name");
        }
        attributes.forEach(
                (attribute, value) -> {
                    TopicAttributes.requireName(attribute);
                    TopicAttributes.requireValue(attribute, value);
                });
        var tags = tags(members);
        var arn =
                "arn:aws:sns:%s:%s:%s"
                        .formatted(request.context().region(), request.context().accountId(), name);
        var existing = topics.addTopic(SnsTopic.of(arn, name, attributes, tags));
        if (existing != null) {
            attributes.forEach(
                    (key, value) -> {
                        if (!value.equals(existing.attributes().get(key))) {
                            throw SnsErrors.invalid(
                                    "Attributes Reason: Topic already exists with different attributes");
                        }
                    });
            if (!tags.isEmpty() && !tags.equals(existing.tags())) {
                throw SnsErrors.invalid("Tags Reason: Topic already exists with different tags");
            }
        }
        return answer().put("TopicArn", arn);
    }

    ObjectNode deleteTopic(AwsRequest request) {
        topics.removeTopic(SnsErrors.read(request, Set.of("TopicArn")).required("TopicArn"));
        return answer();
    }

    ObjectNode listTopics(AwsRequest request) {
        return SnsTopicDirectory.list(
                SnsErrors.read(request, Set.of("NextToken")),
                "Topics",
                topics.topics(),
                SnsTopic::arn,
                topic -> answer().put("TopicArn", topic.arn()));
    }

    ObjectNode getTopicAttributes(AwsRequest request) {
        var topic = topics.topic(SnsErrors.read(request, Set.of("TopicArn")).required("TopicArn"));
        var owner = request.context().accountId();
        long confirmed = topic.subscriptions().stream().filter(SnsSubscription::confirmed).count();
        var answer = answer();
        var attributes = answer.putObject("Attributes");
        attributes.put("TopicArn", topic.arn());
        attributes.put("Owner", owner);
        attributes.put("DisplayName", "");
        attributes.put("Policy", TopicAttributes.defaultPolicy(topic, owner));
        attributes.put("SubscriptionsConfirmed", Long.toString(confirmed));
        attributes.put(
                "SubscriptionsPending", Long.toString(topic.subscriptions().size() - confirmed));
        attributes.put("SubscriptionsDeleted", Integer.toString(topic.deleted().get()));
        attributes.put(
                "EffectiveDeliveryPolicy",
                """
                {"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}\
                """);
        topic.attributes().forEach(attributes::put);
        return answer;
    }

    ObjectNode setTopicAttributes(AwsRequest request) {
        var members =
                SnsErrors.read(request, Set.of("TopicArn", "AttributeName", "AttributeValue"));
        var topic = topics.topic(members.required("TopicArn"));
        var name = members.required("AttributeName");
        TopicAttributes.requireName(name);
        var value = members.optional("AttributeValue");
        TopicAttributes.requireValue(name, value == null ? "" : value);
        if (value == null || value.isEmpty() && !name.equals("DisplayName")) {
            topic.attributes().remove(name);
        } else {
            topic.attributes().put(name, value);
        }
        return answer();
    }

    ObjectNode tagResource(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("ResourceArn", "Tags"));
        var tags = tagged(members).tags();
        var added = tags(members);
        var all = new HashSet<>(tags.keySet());
        all.addAll(added.keySet());
        requireTagLimit(all.size());
        tags.putAll(added);
        return answer();
    }

    ObjectNode untagResource(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("ResourceArn", "TagKeys"));
        members.strings("TagKeys").forEach(tagged(members).tags()::remove);
        return answer();
    }

    ObjectNode listTagsForResource(AwsRequest request) {
        var topic = tagged(SnsErrors.read(request, Set.of("ResourceArn")));
        var answer = answer();
        var list = answer.putArray("Tags");
        topic.tags().forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return answer;
    }

    private SnsTopic tagged(RequestMembers members) {
        var topic = topics.findTopic(members.required("ResourceArn"));
        if (topic == null) {
            throw AwsErrorException.withStatus(404, "ResourceNotFound", "Resource does not exist");
        }
        return topic;
    }

    private static Map<String, String> tags(RequestMembers members) {
        var tags = new LinkedHashMap<String, String>();
        for (ObjectNode node : members.objects("Tags")) {
            var tag = RequestMembers.of("Tags", node, SnsErrors::invalid, Set.of("Key", "Value"));
            var value = tag.optional("Value");
            tags.put(tag.required("Key"), value == null ? "" : value);
        }
        TagRules.require(tags, SnsErrors::invalid);
        requireTagLimit(tags.size());
        return tags;
    }

    private static void requireTagLimit(int count) {
        if (count > MOST_TAGS) {
            throw AwsErrorException.client(
                    "TagLimitExceeded", "A topic has at most %d tags.".formatted(MOST_TAGS));
        }
    }

    private static ObjectNode answer() {
        return SnsMessage.JSON.createObjectNode();
    }
}
