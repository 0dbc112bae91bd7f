package dev.orderflow.localcloud.ports;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Queues as the other services see them.
public interface QueuePort {

    /// Sends one message to a queue.
    ///
    /// @param queueArn the queue, by ARN or by URL
    /// @param body up to 1 MiB of text
    /// @param attributes message attributes of type String
    /// @param messageGroupId for FIFO queues only
    /// @return the message id
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException when there is no such queue
    ///     (`AWS.SimpleQueueService.NonExistentQueue`) or it refuses the message
    String send(
            String queueArn,
            String body,
            Map<String, String> attributes,
            @Nullable String messageGroupId);

    /// Sends one message whose attributes are of any type, as raw delivery from a topic does.
    ///
    /// A queue that cannot carry the types gets the values as strings; that is what happens here by
    /// default.
    ///
    /// @param attributes type (`String`, `Number`, `Binary` with the value in Base64) and value
    default String sendTyped(
            String queueArn,
            String body,
            Map<String, TypedAttribute> attributes,
            @Nullable String messageGroupId) {
        var plain = new LinkedHashMap<String, String>();
        attributes.forEach((name, attribute) -> plain.put(name, attribute.value()));
        return send(queueArn, body, plain, messageGroupId);
    }

    /// @param type the data type as the publisher gave it
    /// @param value text, or Base64 for `Binary`
    record TypedAttribute(String type, String value) {}

    /// The same queues for a caller who has to be allowed to send.
    ///
    /// @return queues that refuse with `AccessDeniedException` what the caller may not do
    default QueuePort as(Authorizer.Principal caller) {
        return this;
    }

    /// Sends one message as `SendMessage` would.
    ///
    /// @param queue by ARN or by URL
    /// @param parameters of `SendMessage`, without `QueueUrl`
    /// @return the answer of `SendMessage`
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException as `SendMessage` refuses
    ObjectNode sendMessage(String queue, ObjectNode parameters);

    /// Whether the queue exists now.
    boolean exists(String queueArn);
}
