package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// One subscription of a topic.
final class SnsSubscription {

    /// Attributes that AWS has besides [#ATTRIBUTES].
    private static final Set<String> ATTRIBUTES_OF_AWS =
            Set.of("DeliveryPolicy", "ReplayPolicy", "SubscriptionRoleArn");

    static final Set<String> ATTRIBUTES =
            Set.of("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy");

    private static final Pattern QUEUE_ARN =
            Pattern.compile("arn:aws[a-z-]*:sqs:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_-]+(\\.fifo)?");

    private final String arn;
    private final String topicArn;
    private final String protocol;
    private final String endpoint;
    private final String owner;
    private final String token;
    private final String cloudUrl;
    private volatile boolean confirmed;
    private volatile SubscriptionSettings settings;

    /// The attributes that can be changed.
    ///
    /// @param filterText the filter policy as given, kept to be parsed again when only its scope
    ///     changes
    record SubscriptionSettings(
            @Nullable SubscriptionFilterPolicy filter,
            @Nullable String filterText,
            boolean onBody,
            boolean raw,
            @Nullable String redrivePolicy,
            @Nullable String deadLetterQueue) {

        /// Equal if created from equal input; compiled filter policies are not compared.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SubscriptionSettings settings
                    && Objects.equals(filterText, settings.filterText)
                    && onBody == settings.onBody
                    && raw == settings.raw
                    && Objects.equals(redrivePolicy, settings.redrivePolicy);
        }

        @Override
        public int hashCode() {
            return Objects.hash(filterText, onBody, raw, redrivePolicy);
        }

        static SubscriptionSettings initial() {
            return new SubscriptionSettings(null, null, false, false, null, null);
        }

        /// Applies several attributes, the scope first because it decides how a filter policy is
        /// parsed.
        SubscriptionSettings with(Map<String, String> attributes) {
            var now = this;
            var scope = attributes.get("FilterPolicyScope");
            if (scope != null) {
                now = now.scope(scope, !attributes.containsKey("FilterPolicy"));
            }
            for (var attribute : attributes.entrySet()) {
                now =
                        switch (attribute.getKey()) {
                            case "FilterPolicyScope" -> now;
                            case "FilterPolicy" -> now.filter(attribute.getValue());
                            case "RawMessageDelivery" -> now.raw(attribute.getValue());
                            case "RedrivePolicy" -> now.redrive(attribute.getValue());
                            case String other -> throw unknownAttribute(other);
                        };
            }
            return now;
        }

        private SubscriptionSettings scope(String scope, boolean rereadPolicy) {
            if (!Set.of("MessageAttributes", "MessageBody").contains(scope)) {
                throw SnsErrors.invalid(
                        "FilterPolicyScope: Invalid value [%s]. Please use either MessageBody or MessageAttributes"
                                .formatted(scope));
            }
            boolean body = scope.equals("MessageBody");
            var policy =
                    rereadPolicy && filterText != null
                            ? SubscriptionFilterPolicy.of(filterText, body)
                            : null;
            return new SubscriptionSettings(
                    policy, filterText, body, raw, redrivePolicy, deadLetterQueue);
        }

        private SubscriptionSettings filter(String text) {
            boolean none = text.isBlank() || text.strip().equals("{}");
            return new SubscriptionSettings(
                    none ? null : SubscriptionFilterPolicy.of(text, onBody),
                    none ? null : text,
                    onBody,
                    raw,
                    redrivePolicy,
                    deadLetterQueue);
        }

        private SubscriptionSettings raw(String text) {
            if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                throw SnsErrors.invalid(
                        "RawMessageDelivery: Invalid value [%s]. Must be true or false."
                                .formatted(text));
            }
            return new SubscriptionSettings(
                    filter,
                    filterText,
                    onBody,
                    text.equalsIgnoreCase("true"),
                    redrivePolicy,
                    deadLetterQueue);
        }

        private SubscriptionSettings redrive(String text) {
            if (text.isBlank()) {
                return new SubscriptionSettings(filter, filterText, onBody, raw, null, null);
            }
            String queue = null;
            try {
                if (SnsMessage.JSON.readTree(text) instanceof ObjectNode policy
                        && policy.get("deadLetterTargetArn") instanceof StringNode target) {
                    queue = target.stringValue();
                }
            } catch (JacksonException _) {
                throw SnsErrors.invalid("RedrivePolicy: failed to parse JSON.");
            }
            if (queue == null || !QUEUE_ARN.matcher(queue).matches()) {
                throw SnsErrors.invalid("RedrivePolicy: deadLetterTargetArn is an invalid arn");
            }
            return new SubscriptionSettings(filter, filterText, onBody, raw, text, queue);
        }
    }

    SnsSubscription(
            String arn,
            String topicArn,
            String protocol,
            String endpoint,
            String owner,
            String token,
            String cloudUrl,
            boolean confirmed,
            SubscriptionSettings settings) {
        this.arn = arn;
        this.topicArn = topicArn;
        this.protocol = protocol;
        this.endpoint = endpoint;
        this.owner = owner;
        this.token = token;
        this.cloudUrl = cloudUrl;
        this.confirmed = confirmed;
        this.settings = settings;
    }

    static boolean isQueueArn(String text) {
        return QUEUE_ARN.matcher(text).matches();
    }

    String arn() {
        return arn;
    }

    String topicArn() {
        return topicArn;
    }

    String protocol() {
        return protocol;
    }

    String endpoint() {
        return endpoint;
    }

    String token() {
        return token;
    }

    /// The URL of this local cloud as the subscriber sees it.
    String cloudUrl() {
        return cloudUrl;
    }

    boolean confirmed() {
        return confirmed;
    }

    void confirm() {
        confirmed = true;
    }

    SubscriptionSettings settings() {
        return settings;
    }

    synchronized void updateAttributes(Map<String, String> attributes) {
        settings = settings.with(attributes);
    }

    ObjectNode toSummary() {
        return SnsMessage.JSON
                .createObjectNode()
                .put("SubscriptionArn", confirmed ? arn : "PendingConfirmation")
                .put("Owner", owner)
                .put("Protocol", protocol)
                .put("Endpoint", endpoint)
                .put("TopicArn", topicArn);
    }

    ObjectNode attributes() {
        var now = settings;
        var node =
                SnsMessage.JSON
                        .createObjectNode()
                        .put("SubscriptionArn", arn)
                        .put("TopicArn", topicArn)
                        .put("Owner", owner)
                        .put("Protocol", protocol)
                        .put("Endpoint", endpoint)
                        .put("PendingConfirmation", Boolean.toString(!confirmed))
                        .put("SubscriptionPrincipal", "arn:aws:iam::" + owner + ":root")
                        .put("ConfirmationWasAuthenticated", Boolean.toString(confirmed))
                        .put("RawMessageDelivery", Boolean.toString(now.raw()));
        if (now.filterText() != null) {
            node.put("FilterPolicy", now.filterText());
            node.put("FilterPolicyScope", now.onBody() ? "MessageBody" : "MessageAttributes");
        }
        if (now.redrivePolicy() != null) {
            node.put("RedrivePolicy", now.redrivePolicy());
        }
        return node;
    }

    /// The error of an attribute that AWS has and the local cloud does not, or that AWS does not
    /// have.
    static AwsErrorException unknownAttribute(String name) {
        return SnsErrors.invalid(
                ATTRIBUTES_OF_AWS.contains(name)
                        ? "AttributeName Reason: local-cloud does not support the subscription attribute "
                                + name
                        : "AttributeName");
    }
}
