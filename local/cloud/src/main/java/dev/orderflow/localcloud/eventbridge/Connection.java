package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.wiring.Connections;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A connection: how requests to one endpoint are authorized.
///
/// @param resourceConfigurationArn of VPC Lattice, by which a private endpoint is reached; null for
///     a public one
record Connection(
        String name,
        String arn,
        String secretArn,
        @Nullable String description,
        Credentials credentials,
        List<Parameter> headers,
        List<Parameter> query,
        List<Parameter> body,
        @Nullable String resourceConfigurationArn,
        boolean authorized,
        Instant created,
        Instant modified,
        Instant lastAuthorized) {

    Connection {
        headers = List.copyOf(headers);
        query = List.copyOf(query);
        body = List.copyOf(body);
    }

    /// What is presented.
    sealed interface Credentials {

        /// @param header the header's name
        record ApiKey(String header, String value) implements Credentials {
            @Override
            public String toString() {
                return "ApiKey[" + header + "]";
            }
        }

        record Basic(String username, String password) implements Credentials {
            @Override
            public String toString() {
                return "Basic[" + username + "]";
            }
        }

        /// The type's name in the API.
        default String type() {
            return switch (this) {
                case ApiKey _ -> "API_KEY";
                case Basic _ -> "BASIC";
            };
        }
    }

    /// An additional header, query parameter or member of the body.
    ///
    /// @param secret whether its value is never shown
    record Parameter(String key, String value, boolean secret) {
        @Override
        public String toString() {
            return "Parameter[" + key + "]";
        }
    }

    Connection authorized(boolean now, Instant at) {
        return new Connection(
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

    Connections.Authorization authorization() {
        var headerMap = map(headers);
        switch (credentials) {
            case Credentials.ApiKey(var header, var value) -> headerMap.put(header, value);
            case Credentials.Basic(var username, var password) ->
                    headerMap.put(
                            "Authorization",
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString(
                                                    (username + ":" + password)
                                                            .getBytes(StandardCharsets.UTF_8)));
        }
        return new Connections.Authorization(headerMap, map(query), map(body));
    }

    private static Map<String, String> map(List<Parameter> parameters) {
        var map = new LinkedHashMap<String, String>();
        parameters.forEach(p -> map.put(p.key(), p.value()));
        return map;
    }

    /// As EventBridge names it: a private endpoint's connection is never `AUTHORIZED`, but `ACTIVE`
    /// (EventBridge user guide, "Connection states").
    String state() {
        if (!authorized) {
            return "DEAUTHORIZED";
        }
        return resourceConfigurationArn == null ? "AUTHORIZED" : "ACTIVE";
    }

    ObjectNode changed() {
        return Json.object()
                .put("ConnectionArn", arn)
                .put("ConnectionState", state())
                .put("CreationTime", Json.epochSeconds(created))
                .put("LastModifiedTime", Json.epochSeconds(modified))
                .put("LastAuthorizedTime", Json.epochSeconds(lastAuthorized));
    }

    ObjectNode listed() {
        return changed().put("Name", name).put("AuthorizationType", credentials.type());
    }

    /// Everything but secrets.
    ObjectNode described() {
        var node = listed().put("SecretArn", secretArn);
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
            case Credentials.ApiKey(var header, _) ->
                    auth.putObject("ApiKeyAuthParameters").put("ApiKeyName", header);
            case Credentials.Basic(var username, _) ->
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

    private static void describe(ArrayNode list, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            var node = list.addObject().put("Key", parameter.key());
            node.put("IsValueSecret", parameter.secret());
            if (!parameter.secret()) {
                node.put("Value", parameter.value());
            }
        }
    }
}
