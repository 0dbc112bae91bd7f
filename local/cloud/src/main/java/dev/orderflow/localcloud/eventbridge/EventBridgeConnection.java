package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.ports.ConnectionPort;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The authorisation of requests to one endpoint.
///
/// @param resourceConfigurationArn VPC Lattice resource configuration of a private endpoint; null
///     for a public one
record EventBridgeConnection(
        String name,
        String arn,
        String secretArn,
        @Nullable String description,
        ConnectionCredentials credentials,
        List<ConnectionParameter> headers,
        List<ConnectionParameter> query,
        List<ConnectionParameter> body,
        @Nullable String resourceConfigurationArn,
        boolean authorized,
        Instant created,
        Instant modified,
        Instant lastAuthorized) {

    EventBridgeConnection {
        headers = List.copyOf(headers);
        query = List.copyOf(query);
        body = List.copyOf(body);
    }

    /// The credentials of a connection.
    sealed interface ConnectionCredentials {

        /// @param header name of the header
        record ApiKeyCredentials(String header, String value) implements ConnectionCredentials {
            @Override
            public String toString() {
                return "ApiKey[" + header + "]";
            }
        }

        record BasicCredentials(String username, String password) implements ConnectionCredentials {
            @Override
            public String toString() {
                return "Basic[" + username + "]";
            }
        }

        /// The name of the type in the API.
        default String type() {
            return switch (this) {
                case ApiKeyCredentials _ -> "API_KEY";
                case BasicCredentials _ -> "BASIC";
            };
        }
    }

    /// An additional header, query parameter or body member.
    ///
    /// @param secret whether its value is never returned
    record ConnectionParameter(String key, String value, boolean secret) {
        @Override
        public String toString() {
            return "Parameter[" + key + "]";
        }
    }

    EventBridgeConnection authorized(boolean now, Instant at) {
        return new EventBridgeConnection(
                name,
                arn,
                secretArn,
                description,
                credentials,
                headers,
                query,
                body,
                resourceConfigurationArn,
                now,
                created,
                at,
                lastAuthorized);
    }

    ConnectionPort.ConnectionSecret authorization() {
        var headerMap = map(headers);
        switch (credentials) {
            case ConnectionCredentials.ApiKeyCredentials(var header, var value) ->
                    headerMap.put(header, value);
            case ConnectionCredentials.BasicCredentials(var username, var password) ->
                    headerMap.put(
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString(
                                                    (username + ":" + password)
                                                            .getBytes(StandardCharsets.UTF_8)));
        }
        return new ConnectionPort.ConnectionSecret(headerMap, map(query), map(body));
    }

    private static Map<String, String> map(List<ConnectionParameter> parameters) {
        var map = new LinkedHashMap<String, String>();
        parameters.forEach(p -> map.put(p.key(), p.value()));
        return map;
    }

    /// The state as EventBridge names it: the connection to a private endpoint is `ACTIVE`, never
    /// `AUTHORIZED` (EventBridge user guide, "Connection states").
    String state() {
        if (!authorized) {
            return "DEAUTHORIZED";
        }
        return resourceConfigurationArn == null ? "AUTHORIZED" : "ACTIVE";
    }

    ObjectNode toStateChange() {
        return EventBridgeJson.object()
                .put("ConnectionArn", arn)
                .put("ConnectionState", state())
                .put("CreationTime", EventBridgeJson.epochSeconds(created))
                .put("LastModifiedTime", EventBridgeJson.epochSeconds(modified))
                .put("LastAuthorizedTime", EventBridgeJson.epochSeconds(lastAuthorized));
    }

    ObjectNode toSummary() {
        return toStateChange().put("Name", name).put("AuthorizationType", credentials.type());
    }

    /// The description without secrets.
    ObjectNode toDescription() {
        var node = toSummary().put("SecretArn", secretArn);
        if (description != null) {
            node.put("Description", description);
        }
        if (resourceConfigurationArn != null) {
            node.putObject("InvocationConnectivityParameters")
                    .putObject("ResourceParameters")
                    .put("ResourceConfigurationArn", resourceConfigurationArn)
                    .put("ResourceAssociationArn", resourceConfigurationArn + "/association");
        }
        var auth = node.putObject("AuthParameters");
        switch (credentials) {
            case ConnectionCredentials.ApiKeyCredentials(var header, _) ->
                    auth.putObject("ApiKeyAuthParameters").put("ApiKeyName", header);
            case ConnectionCredentials.BasicCredentials(var username, _) ->
                    auth.putObject("BasicAuthParameters").put("Username", username);
        }
        if (!headers.isEmpty() || !query.isEmpty() || !body.isEmpty()) {
            var http = auth.putObject("InvocationHttpParameters");
            describe(http.putArray("HeaderParameters"), headers);
            describe(http.putArray("QueryStringParameters"), query);
            describe(http.putArray("BodyParameters"), body);
        }
        return node;
    }

    private static void describe(ArrayNode list, List<ConnectionParameter> parameters) {
        for (ConnectionParameter parameter : parameters) {
            var node = list.addObject().put("Key", parameter.key());
            node.put("IsValueSecret", parameter.secret());
            if (!parameter.secret()) {
                node.put("Value", parameter.value());
            }
        }
    }
}
