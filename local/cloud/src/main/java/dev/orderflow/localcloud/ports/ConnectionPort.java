package dev.orderflow.localcloud.ports;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.Map;

/// Access to EventBridge connections for the HTTP tasks of Step Functions.
public interface ConnectionPort {

    /// Returns these connections with authorisation checks for a caller.
    ///
    /// @return connections that answer `AccessDeniedException` for calls the caller may not make
    default ConnectionPort forCaller(Authorizer.Principal caller) {
        return this;
    }

    /// De-authorises a connection until it is updated, as EventBridge does when an endpoint answers
    /// 401 or 407.
    default void deauthorize(String connectionArn) {}

    /// Returns what a connection adds to a request.
    ///
    /// @param connectionArn the connection's ARN
    /// @return headers with the API key or basic credentials, and the query parameters and body
    ///     members of the connection's `InvocationHttpParameters`
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException
    ///     `Events.ConnectionResource.ResourceNotFound` if it does not exist
    ConnectionSecret authorize(String connectionArn);

    /// The ARN of the secret in which EventBridge keeps a connection's credentials.
    ///
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException
    ///     `Events.ConnectionResource.ResourceNotFound` if it does not exist
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
