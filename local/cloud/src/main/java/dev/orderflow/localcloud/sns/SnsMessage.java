package dev.orderflow.localcloud.sns;

import dev.orderflow.localcloud.ports.QueuePort.TypedAttribute;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A published message.
///
/// @param bodies body by protocol if the publisher gave several, otherwise empty
/// @param groupId passed to subscribed queues
/// @param body body for every protocol without its own
record SnsMessage(
        String id,
        Instant published,
        @Nullable String subject,
        String body,
        Map<String, String> bodies,
        Map<String, TypedAttribute> attributes,
        @Nullable String groupId) {

    static final JsonMapper JSON = JsonMapper.shared();

    SnsMessage {
        bodies = Map.copyOf(bodies);
    }

    String bodyFor(String protocol) {
        return bodies.getOrDefault(protocol, body);
    }

    /// The attributes as a filter policy matches them: numbers as numbers, `String.Array` as
    /// arrays; binary attributes are left out.
    String filterDocument() {
        var node = JSON.createObjectNode();
        attributes.forEach((name, attribute) -> put(node, name, attribute));
        return node.toString();
    }

    private static void put(ObjectNode node, String name, TypedAttribute attribute) {
        var type = attribute.type();
        var value = attribute.value();
        if (type.equals("String.Array")) {
            try {
                node.set(name, JSON.readTree(value));
            } catch (JacksonException _) {
                node.put(name, value);
            }
        } else if (type.startsWith("Number")) {
            node.put(name, new BigDecimal(value));
        } else if (!type.startsWith("Binary")) {
            node.put(name, value);
        }
    }

    /// The JSON document for subscribers without raw message delivery.
    String envelope(String protocol, SnsSubscription subscription, String endpoint) {
        var node = JSON.createObjectNode();
        node.put("Type", "Notification");
        node.put("MessageId", id);
        node.put("TopicArn", subscription.topicArn());
        if (subject != null) {
            node.put("Subject", subject);
        }
        node.put("Message", bodyFor(protocol));
        addSignatureMembers(node, published, endpoint);
        node.put(
                "UnsubscribeURL",
                "%s/?Action=Unsubscribe&SubscriptionArn=%s"
                        .formatted(endpoint, subscription.arn()));
        if (!attributes.isEmpty()) {
            var list = node.putObject("MessageAttributes");
            attributes.forEach(
                    (name, attribute) ->
                            list.putObject(name)
                                    .put("Type", attribute.type())
                                    .put("Value", attribute.value()));
        }
        return node.toString();
    }

    /// Adds the signature members. They contain a placeholder, because there is no AWS key to sign
    /// with.
    static void addSignatureMembers(ObjectNode node, Instant moment, String endpoint) {
        node.put("Timestamp", Instant.ofEpochMilli(moment.toEpochMilli()).toString());
        node.put("SignatureVersion", "1");
        node.put("Signature", "bG9jYWwtY2xvdWQgZG9lcyBub3Qgc2lnbg==");
        node.put("SigningCertURL", endpoint + "/SimpleNotificationService-local-cloud.pem");
    }
}
