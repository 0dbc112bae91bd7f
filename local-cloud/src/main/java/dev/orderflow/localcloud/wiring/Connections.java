package dev.orderflow.localcloud.wiring;

import java.util.Map;

/// EventBridge connections as Step Functions' HTTP tasks use them.
public interface Connections {

    /// What a connection adds to a request.
    ///
    /// @param connectionArn the connection's ARN
    /// @return headers, the API key or basic authorization among them, and query parameters and
    ///     body members where the connection's `InvocationHttpParameters` name some
    /// @throws dev.orderflow.localcloud.wire.AwsError `Events.ConnectionResource.ResourceNotFound`
    ///     when there is no such connection
    Authorization authorize(String connectionArn);

    /// @param headers added to the request
    /// @param query added to the query string
    /// @param body added to a JSON object body
    record Authorization(
            Map<String, String> headers, Map<String, String> query, Map<String, String> body) {}
}
