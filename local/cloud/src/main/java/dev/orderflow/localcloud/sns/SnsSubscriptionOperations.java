package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The operations on subscriptions.
final class SnsSubscriptionOperations {

    private static final Set<String> PROTOCOLS_OF_AWS =
            Set.of("application", "email", "email-json", "firehose", "lambda", "sms");

    private final CloudClock clock;
    private final SnsTopicDirectory topics;
    private final SubscriptionDelivery subscriptionDelivery;

    /// @param subscriptionDelivery sends the confirmation to an HTTP endpoint
    SnsSubscriptionOperations(
            CloudClock clock, SnsTopicDirectory topics, SubscriptionDelivery subscriptionDelivery) {
        this.clock = clock;
        this.topics = topics;
        this.subscriptionDelivery = subscriptionDelivery;
    }

    ObjectNode subscribe(AwsRequest request) {
        var members =
                SnsErrors.read(
                        request,
                        Set.of(
                                "TopicArn",
                                "Protocol",
                                "Endpoint",
                                "Attributes",
                                "ReturnSubscriptionArn"));
        var topic = topics.topic(members.required("TopicArn"));
        var protocol = members.required("Protocol");
        var endpoint = members.required("Endpoint");
        checkEndpoint(protocol, endpoint);
        var attributes = members.stringMap("Attributes");
        var settings = SnsSubscription.SubscriptionSettings.initial().with(attributes);
        boolean wantsArn = members.flag("ReturnSubscriptionArn");
        var arn = topic.arn() + ":" + UUID.randomUUID();
        var subscription =
                new SnsSubscription(
                        arn,
                        topic.arn(),
                        protocol,
                        endpoint,
                        request.context().accountId(),
                        UUID.randomUUID().toString().replace("-", ""),
                        withoutSlash(request.context().endpoint()),
                        protocol.equals("sqs"),
                        settings);
        var existing = topics.addSubscription(topic, subscription, attributes);
        if (existing == null && !subscription.confirmed()) {
            subscriptionDelivery.requestConfirmation(topic, subscription, clock.instant());
        }
        var result = existing == null ? subscription : existing;
        return answer().put(
                        "SubscriptionArn",
                        result.confirmed() || wantsArn ? result.arn() : "pending confirmation");
    }

    private static String withoutSlash(URI endpoint) {
        var text = endpoint.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static void checkEndpoint(String protocol, String endpoint) {
        switch (protocol) {
            case "sqs" -> {
                if (!SnsSubscription.isQueueArn(endpoint)) {
                    throw SnsErrors.invalid("SQS endpoint ARN");
                }
                if (endpoint.endsWith(".fifo")) {
                    throw SnsErrors.invalid(
                            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics");
                }
            }
            case "http", "https" -> {
                boolean usable;
                try {
                    var uri = URI.create(endpoint);
                    usable = protocol.equals(uri.getScheme()) && uri.getHost() != null;
                } catch (IllegalArgumentException _) {
                    usable = false;
                }
                if (!usable) {
                    throw SnsErrors.invalid("Endpoint must match the specified protocol");
                }
            }
            default ->
                    throw SnsErrors.invalid(
                            PROTOCOLS_OF_AWS.contains(protocol)
                                    ? "Protocol Reason: local-cloud does not support the protocol "
                                            + protocol
                                    : "Does not support this protocol string: "
                                            + protocol.substring(
                                                    0, Math.min(protocol.length(), 40)));
        }
    }

    ObjectNode confirmSubscription(AwsRequest request) {
        var members =
                SnsErrors.read(request, Set.of("TopicArn", "Token", "AuthenticateOnUnsubscribe"));
        var topic = topics.topic(members.required("TopicArn"));
        var token = members.required("Token");
        for (SnsSubscription subscription : topic.subscriptions()) {
            if (subscription.token().equals(token)) {
                subscription.confirm();
                return answer().put("SubscriptionArn", subscription.arn());
            }
        }
        throw SnsErrors.invalid("Token");
    }

    ObjectNode unsubscribe(AwsRequest request) {
        topics.removeSubscription(
                SnsErrors.read(request, Set.of("SubscriptionArn")).required("SubscriptionArn"));
        return answer();
    }

    ObjectNode listSubscriptions(AwsRequest request) {
        return list(SnsErrors.read(request, Set.of("NextToken")), topics.subscriptions());
    }

    ObjectNode listSubscriptionsByTopic(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("TopicArn", "NextToken"));
        return list(
                members,
                SnsTopicDirectory.sorted(
                        topics.topic(members.required("TopicArn")).subscriptions()));
    }

    private static ObjectNode list(RequestMembers members, List<SnsSubscription> sorted) {
        return SnsTopicDirectory.list(
                members, "Subscriptions", sorted, SnsSubscription::arn, SnsSubscription::toSummary);
    }

    ObjectNode getSubscriptionAttributes(AwsRequest request) {
        var subscription =
                topics.subscription(
                        SnsErrors.read(request, Set.of("SubscriptionArn"))
                                .required("SubscriptionArn"));
        var answer = answer();
        answer.set("Attributes", subscription.attributes());
        return answer;
    }

    ObjectNode setSubscriptionAttributes(AwsRequest request) {
        var members =
                SnsErrors.read(
                        request, Set.of("SubscriptionArn", "AttributeName", "AttributeValue"));
        var subscription = topics.subscription(members.required("SubscriptionArn"));
        var name = members.required("AttributeName");
        if (!SnsSubscription.ATTRIBUTES.contains(name)) {
            throw SnsSubscription.unknownAttribute(name);
        }
        var value = members.optional("AttributeValue");
        subscription.updateAttributes(Map.of(name, value == null ? "" : value));
        return answer();
    }

    private static ObjectNode answer() {
        return SnsMessage.JSON.createObjectNode();
    }
}
