package dev.orderflow.localcloud.ports;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Access to topics for other services.
public interface TopicPort {

    /// Returns these topics with authorisation checks for a caller.
    ///
    /// @return topics that answer `AccessDeniedException` for calls the caller may not make
    default TopicPort withCaller(Authorizer.Principal caller) {
        return this;
    }

    /// Publishes one message as `Publish` does.
    ///
    /// @param parameters of `Publish`
    /// @return the response of `Publish`
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException as `Publish` refuses
    default ObjectNode publishMessage(ObjectNode parameters) {
        var attributes = new LinkedHashMap<String, String>();
        parameters
                .path("MessageAttributes")
                .properties()
                .forEach(
                        attribute ->
                                attributes.put(
                                        attribute.getKey(),
                                        attribute.getValue().path("StringValue").asString("")));
        var id =
                publish(
                        parameters.path("TopicArn").asString(""),
                        parameters.path("Subject").asString(null),
                        parameters.path("Message").asString(""),
                        attributes);
        return JsonNodeFactory.instance.objectNode().put("MessageId", id);
    }

    /// Publishes one message.
    ///
    /// @param attributes message attributes of type String
    /// @return the message id
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException if the topic does not exist
    ///     (`NotFound`)
    String publish(
            String topicArn,
            @Nullable String subject,
            String message,
            Map<String, String> attributes);
}
