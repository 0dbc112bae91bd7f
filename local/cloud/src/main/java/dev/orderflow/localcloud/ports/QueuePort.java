package dev.orderflow.localcloud.ports;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Access to queues for other services.
public interface QueuePort {

    /// Sends one message to a queue.
    ///
    /// @param queueArn the queue, by ARN or by URL
    /// @param body up to 1 MiB of text
    /// @param attributes message attributes of type String
    /// @param messageGroupId required for FIFO queues
    /// @return the message id
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException if the queue does not exist
    ///     (`AWS.SimpleQueueService.NonExistentQueue`) or it refuses the message
    String send(
            String queueArn,
            String body,
            Map<String, String> attributes,
            @Nullable String messageGroupId);

    /// Sends one message with attributes of any type, as SNS raw message delivery does.
    ///
    /// The default implementation converts all values to strings.
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

    /// Returns these queues with authorisation checks for a caller.
    ///
    /// @return queues that answer `AccessDeniedException` for calls the caller may not make
    default QueuePort withCaller(Authorizer.Principal caller) {
        return this;
    }

    /// Sends one message as `SendMessage` does.
    ///
    /// @param queue ARN or URL of the queue
    /// @param parameters of `SendMessage`, without `QueueUrl`
    /// @return the response of `SendMessage`
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException as `SendMessage` refuses
    ObjectNode sendMessage(String queue, ObjectNode parameters);

    /// Whether the queue exists.
    boolean exists(String queueArn);
}
