package dev.orderflow.localcloud.wiring;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Topics as the other services see them.
public interface Topics {

    /// The same topics for a caller who has to be allowed to publish.
    ///
    /// @return topics that refuse with `AccessDeniedException` what the caller may not do
    default Topics as(Authorizer.Caller caller) {
        return this;
    }

    /// Publishes one message.
    ///
    /// @param attributes message attributes of type String
    /// @return the message id
    /// @throws dev.orderflow.localcloud.wire.AwsError when there is no such topic (`NotFound`)
    String publish(
            String topicArn,
            @Nullable String subject,
            String message,
            Map<String, String> attributes);
}
