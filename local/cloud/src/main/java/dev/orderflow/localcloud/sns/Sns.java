package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.delivery.DeliveryWorker;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.ports.QueuePort.TypedAttribute;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import dev.orderflow.localcloud.wire.RequestMembers;
import dev.orderflow.localcloud.wire.ResultPage;
import dev.orderflow.localcloud.wire.TagRules;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The SNS API, and publishing by other services.
public final class Sns implements AwsService, TopicPort, AutoCloseable {

    private static final int MOST_BYTES = 262_144;
    private static final int MOST_ENTRIES = 10;
    private static final int MOST_TAGS = 50;
    private static final int PAGE = 100;
    private static final Duration DRAIN_TIME = Duration.ofSeconds(10);
    private static final Pattern TOPIC_NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Pattern TOPIC_ARN =
            Pattern.compile("arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]{1,256}(\\.fifo)?");

    private static final Pattern BATCH_ID = Pattern.compile("[A-Za-z0-9_-]{1,80}");

    private static final Set<String> PROTOCOLS_OF_AWS =
            Set.of("application", "email", "email-json", "firehose", "lambda", "sms");

    private static final int ARN_ELEMENTS = 6;

    private final CloudClock clock;
    private final DeliveryWorker deliveryWorker;
    private final SubscriptionDelivery subscriptionDelivery;
    private final Map<String, SnsTopic> topics = new ConcurrentHashMap<>();
    private final Map<String, SnsSubscription> subscriptions = new ConcurrentHashMap<>();

    /// @param queues subscribed queues and dead-letter queues
    /// @param metrics receives the metrics of `AWS/SNS`
    public Sns(CloudClock clock, QueuePort queues, MetricPort metrics) {
        this.clock = clock;
        this.deliveryWorker = new DeliveryWorker("notification-", clock, DRAIN_TIME);
        this.subscriptionDelivery = new SubscriptionDelivery(deliveryWorker, queues, metrics);
    }

    @Override
    public String signingName() {
        return "sns";
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        return switch (request.operation()) {
            case "CreateTopic" -> createTopic(request);
            case "DeleteTopic" -> deleteTopic(request);
            case "ListTopics" -> listTopics(request);
            case "GetTopicAttributes" -> getTopicAttributes(request);
            case "SetTopicAttributes" -> setTopicAttributes(request);
            case "Subscribe" -> subscribe(request);
            case "ConfirmSubscription" -> confirmSubscription(request);
            case "Unsubscribe" -> unsubscribe(request);
            case "ListSubscriptions" -> listSubscriptions(request);
            case "ListSubscriptionsByTopic" -> listSubscriptionsByTopic(request);
            case "GetSubscriptionAttributes" -> getSubscriptionAttributes(request);
            case "SetSubscriptionAttributes" -> setSubscriptionAttributes(request);
            case "Publish" -> publishMessage(request.input());
            case "PublishBatch" -> publishBatch(request);
            case "TagResource" -> tagResource(request);
            case "UntagResource" -> untagResource(request);
            case "ListTagsForResource" -> listTagsForResource(request);
            default -> throw AwsErrorException.unknownOperation(request.operation());
        };
    }

    private ObjectNode createTopic(AwsRequest request) {
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
        var existing = topics.putIfAbsent(arn, SnsTopic.of(arn, name, attributes, tags));
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

    private ObjectNode deleteTopic(AwsRequest request) {
        var topic =
                topics.remove(
                        topicArn(SnsErrors.read(request, Set.of("TopicArn")).required("TopicArn")));
        if (topic != null) {
            topic.subscriptions().forEach(s -> subscriptions.remove(s.arn()));
        }
        return answer();
    }

    private ObjectNode listTopics(AwsRequest request) {
        return list(
                SnsErrors.read(request, Set.of("NextToken")),
                "Topics",
                topics.values().stream().sorted(Comparator.comparing(SnsTopic::arn)).toList(),
                SnsTopic::arn,
                topic -> answer().put("TopicArn", topic.arn()));
    }

    private ObjectNode getTopicAttributes(AwsRequest request) {
        var topic = topic(SnsErrors.read(request, Set.of("TopicArn")).required("TopicArn"));
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

    private ObjectNode setTopicAttributes(AwsRequest request) {
        var members =
                SnsErrors.read(request, Set.of("TopicArn", "AttributeName", "AttributeValue"));
        var topic = topic(members.required("TopicArn"));
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

    private ObjectNode subscribe(AwsRequest request) {
        var members =
                SnsErrors.read(
                        request,
                        Set.of(
                                "TopicArn",
                                "Protocol",
                                "Endpoint",
                                "Attributes",
                                "ReturnSubscriptionArn"));
        var topic = topic(members.required("TopicArn"));
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
        var existing = add(topic, subscription, attributes);
        if (existing == null && !subscription.confirmed()) {
            subscriptionDelivery.requestConfirmation(topic, subscription, clock.instant());
        }
        var result = existing == null ? subscription : existing;
        return answer().put(
                        "SubscriptionArn",
                        result.confirmed() || wantsArn ? result.arn() : "pending confirmation");
    }

    /// Subscribing again returns the existing subscription.
    ///
    /// @return the existing subscription, or null if this one was added
    private @Nullable SnsSubscription add(
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

    private ObjectNode confirmSubscription(AwsRequest request) {
        var members =
                SnsErrors.read(request, Set.of("TopicArn", "Token", "AuthenticateOnUnsubscribe"));
        var topic = topic(members.required("TopicArn"));
        var token = members.required("Token");
        for (SnsSubscription subscription : topic.subscriptions()) {
            if (subscription.token().equals(token)) {
                subscription.confirm();
                return answer().put("SubscriptionArn", subscription.arn());
            }
        }
        throw SnsErrors.invalid("Token");
    }

    private ObjectNode unsubscribe(AwsRequest request) {
        var arn = SnsErrors.read(request, Set.of("SubscriptionArn")).required("SubscriptionArn");
        subscriptionArn(arn);
        var subscription = subscriptions.remove(arn);
        if (subscription != null) {
            var topic = topics.get(subscription.topicArn());
            if (topic != null && topic.subscriptions().remove(subscription)) {
                topic.deleted().incrementAndGet();
            }
        }
        return answer();
    }

    private ObjectNode listSubscriptions(AwsRequest request) {
        return list(
                SnsErrors.read(request, Set.of("NextToken")),
                "Subscriptions",
                subscriptions.values().stream()
                        .sorted(Comparator.comparing(SnsSubscription::arn))
                        .toList(),
                SnsSubscription::arn,
                SnsSubscription::toSummary);
    }

    private ObjectNode listSubscriptionsByTopic(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("TopicArn", "NextToken"));
        return list(
                members,
                "Subscriptions",
                topic(members.required("TopicArn")).subscriptions().stream()
                        .sorted(Comparator.comparing(SnsSubscription::arn))
                        .toList(),
                SnsSubscription::arn,
                SnsSubscription::toSummary);
    }

    private ObjectNode getSubscriptionAttributes(AwsRequest request) {
        var subscription =
                subscription(
                        SnsErrors.read(request, Set.of("SubscriptionArn"))
                                .required("SubscriptionArn"));
        var answer = answer();
        answer.set("Attributes", subscription.attributes());
        return answer;
    }

    private ObjectNode setSubscriptionAttributes(AwsRequest request) {
        var members =
                SnsErrors.read(
                        request, Set.of("SubscriptionArn", "AttributeName", "AttributeValue"));
        var subscription = subscription(members.required("SubscriptionArn"));
        var name = members.required("AttributeName");
        if (!SnsSubscription.ATTRIBUTES.contains(name)) {
            throw SnsSubscription.unknownAttribute(name);
        }
        var value = members.optional("AttributeValue");
        subscription.updateAttributes(Map.of(name, value == null ? "" : value));
        return answer();
    }

    @Override
    public ObjectNode publishMessage(ObjectNode parameters) {
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
        var topic = topic(arn);
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

    @Override
    public String publish(
            String topicArn,
            @Nullable String subject,
            String message,
            Map<String, String> attributes) {
        var topic = topic(topicArn);
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

    private ObjectNode publishBatch(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("TopicArn", "PublishBatchRequestEntries"));
        var topic = topic(members.required("TopicArn"));
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

    private ObjectNode tagResource(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("ResourceArn", "Tags"));
        var tags = tagged(members).tags();
        var added = tags(members);
        var all = new HashSet<>(tags.keySet());
        all.addAll(added.keySet());
        requireTagLimit(all.size());
        tags.putAll(added);
        return answer();
    }

    private ObjectNode untagResource(AwsRequest request) {
        var members = SnsErrors.read(request, Set.of("ResourceArn", "TagKeys"));
        members.strings("TagKeys").forEach(tagged(members).tags()::remove);
        return answer();
    }

    private ObjectNode listTagsForResource(AwsRequest request) {
        var topic = tagged(SnsErrors.read(request, Set.of("ResourceArn")));
        var answer = answer();
        var list = answer.putArray("Tags");
        topic.tags().forEach((key, value) -> list.addObject().put("Key", key).put("Value", value));
        return answer;
    }

    private SnsTopic tagged(RequestMembers members) {
        var topic = topics.get(members.required("ResourceArn"));
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

    private SnsTopic topic(String arn) {
        var topic = topics.get(topicArn(arn));
        if (topic == null) {
            throw SnsErrors.notFound("Topic");
        }
        return topic;
    }

    private static String topicArn(String arn) {
        if (!TOPIC_ARN.matcher(arn).matches()) {
            throw invalidArn("TopicArn", arn, "topic");
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

    private SnsSubscription subscription(String arn) {
        var subscription = subscriptions.get(subscriptionArn(arn));
        if (subscription == null) {
            throw SnsErrors.notFound("Subscription");
        }
        return subscription;
    }

    private static String subscriptionArn(String arn) {
        int id = arn.lastIndexOf(':');
        if (id < 0 || !TOPIC_ARN.matcher(arn.substring(0, id)).matches()) {
            throw invalidArn("SubscriptionArn", arn, "subscription");
        }
        return arn;
    }

    private static <T> ObjectNode list(
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
        var answer = answer();
        var list = answer.putArray(member);
        page.items().forEach(item -> list.add(described.apply(item)));
        if (page.nextToken() != null) {
            answer.put("NextToken", page.nextToken());
        }
        return answer;
    }

    private static ObjectNode answer() {
        return SnsMessage.JSON.createObjectNode();
    }

    /// Attempts all pending deliveries once more and accepts no further messages.
    @Override
    public void close() {
        deliveryWorker.close();
        subscriptionDelivery.close();
    }
}
