package dev.orderflow.localcloud.ports;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.Map;

/// EventBridge connections as Step Functions' HTTP tasks use them.
public interface ConnectionPort {

    /// The same connections for a caller who has to be allowed to use them.
    ///
    /// @return connections that refuse with `AccessDeniedException` what the caller may not do
    default ConnectionPort usedBy(Authorizer.Principal caller) {
        return this;
    }

    /// Takes the authorisation from a connection whose endpoint answered 401 or 407, as EventBridge
    /// does,
    /// until it is updated.
    default void deauthorize(String connectionArn) {}

    /// What a connection adds to a request.
    ///
    /// @param connectionArn the connection's ARN
    /// @return headers, the API key or basic authorization among them, and query parameters and
    ///     body members where the connection's `InvocationHttpParameters` name some
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException `Events.ConnectionResource.ResourceNotFound`
    ///     when there is no such connection
    ConnectionSecret authorize(String connectionArn);

    /// The ARN of the secret in which EventBridge keeps a connection's credentials.
    ///
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException `Events.ConnectionResource.ResourceNotFound`
    ///     when there is no such connection
    default String secretOf(String connectionArn) {
        throw AwsErrorException.client(
                "Events.ConnectionResource.ResourceNotFound",
                "Connection [%s] not found".formatted(connectionArn));
    }

    /// @param headers added to the request
    /// @param query added to the query string
    /// @param body added to a JSON object body
    record ConnectionSecret(
            Map<String, String> headers, Map<String, String> query, Map<String, String> body) {}
}
