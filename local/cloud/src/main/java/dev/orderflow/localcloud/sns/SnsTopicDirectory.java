package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.ResultPage;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The topics and subscriptions of the account, by ARN.
final class SnsTopicDirectory {

    private static final int PAGE = 100;
    private static final int ARN_ELEMENTS = 6;
    private static final Pattern TOPIC_ARN =
            Pattern.compile("arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]{1,256}(\\.fifo)?");

    private final Map<String, SnsTopic> topics = new ConcurrentHashMap<>();
    private final Map<String, SnsSubscription> subscriptions = new ConcurrentHashMap<>();

    /// All topics, sorted by ARN.
    List<SnsTopic> topics() {
        return topics.values().stream().sorted(Comparator.comparing(SnsTopic::arn)).toList();
    }

    /// All subscriptions, sorted by ARN.
    List<SnsSubscription> subscriptions() {
        return sorted(subscriptions.values());
    }

    static List<SnsSubscription> sorted(Collection<SnsSubscription> subscriptions) {
        return subscriptions.stream().sorted(Comparator.comparing(SnsSubscription::arn)).toList();
    }

    /// Adds a topic unless its ARN is taken.
    ///
    /// @return the existing topic, or null if this one was added
    @Nullable SnsTopic addTopic(SnsTopic topic) {
        return topics.putIfAbsent(topic.arn(), topic);
    }

    /// Removes a topic with its subscriptions; succeeds if it does not exist.
    void removeTopic(String arn) {
        var topic = topics.remove(topicArn(arn));
        if (topic != null) {
            topic.subscriptions().forEach(s -> subscriptions.remove(s.arn()));
        }
    }

    /// Finds a topic by any text; null if there is none.
    @Nullable SnsTopic findTopic(String arn) {
        return topics.get(arn);
    }

    /// @throws AwsErrorException `NotFound` if the topic does not exist
    SnsTopic topic(String arn) {
        var topic = topics.get(topicArn(arn));
        if (topic == null) {
            throw SnsErrors.notFound("Topic");
        }
        return topic;
    }

    /// Subscribing again returns the existing subscription.
    ///
    /// @return the existing subscription, or null if this one was added
    @Nullable SnsSubscription addSubscription(
            SnsTopic topic, SnsSubscription subscription, Map<String, String> attributes) {
        synchronized (topic) {
            for (SnsSubscription there : topic.subscriptions()) {
                if (there.protocol().equals(subscription.protocol())
                        && there.endpoint().equals(subscription.endpoint())) {
                    if (!there.settings().with(attributes).equals(there.settings())) {
                        throw SnsErrors.invalid(
                                "Attributes Reason: Subscription already exists with different attributes");
                    }
                    return there;
                }
            }
            topic.subscriptions().add(subscription);
            subscriptions.put(subscription.arn(), subscription);
            return null;
        }
    }

    /// Removes a subscription; succeeds if it does not exist.
    void removeSubscription(String arn) {
        var subscription = subscriptions.remove(subscriptionArn(arn));
        if (subscription != null) {
            var topic = topics.get(subscription.topicArn());
            if (topic != null && topic.subscriptions().remove(subscription)) {
                topic.deleted().incrementAndGet();
            }
        }
    }

    /// @throws AwsErrorException `NotFound` if the subscription does not exist
    SnsSubscription subscription(String arn) {
        var subscription = subscriptions.get(subscriptionArn(arn));
        if (subscription == null) {
            throw SnsErrors.notFound("Subscription");
        }
        return subscription;
    }

    private static String topicArn(String arn) {
        if (!TOPIC_ARN.matcher(arn).matches()) {
            throw invalidArn("TopicArn", arn, "topic");
        }
        return arn;
    }

    private static String subscriptionArn(String arn) {
        int id = arn.lastIndexOf(':');
        if (id < 0 || !TOPIC_ARN.matcher(arn.substring(0, id)).matches()) {
            throw invalidArn("SubscriptionArn", arn, "subscription");
        }
        return arn;
    }

    private static AwsErrorException invalidArn(String parameter, String arn, String resource) {
        int elements = arn.split(":", -1).length;
        return SnsErrors.invalid(
                parameter
                        + " Reason: "
                        + (elements < ARN_ELEMENTS
                                ? "An ARN must have at least 6 elements, not " + elements
                                : arn + " is not the ARN of a " + resource));
    }

    /// The requested page of a list, with the token of the next page.
    ///
    /// @param member name of the list in the response
    static <T> ObjectNode list(
            RequestMembers members,
            String member,
            List<T> sorted,
            Function<T, String> key,
            Function<T, ObjectNode> described) {
        ResultPage<T> page;
        try {
            page = ResultPage.of("sns:" + member, sorted, key, members.optional("NextToken"), PAGE);
        } catch (IllegalArgumentException _) {
            throw SnsErrors.invalid("NextToken");
        }
        var answer = SnsMessage.JSON.createObjectNode();
        var list = answer.putArray(member);
        page.items().forEach(item -> list.add(described.apply(item)));
        if (page.nextToken() != null) {
            answer.put("NextToken", page.nextToken());
        }
        return answer;
    }
}
