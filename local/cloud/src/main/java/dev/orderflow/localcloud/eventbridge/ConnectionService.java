package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.ports.ConnectionPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestMembers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The connection operations. Secrets are never returned by an operation.
final class ConnectionService implements ConnectionPort {

    /// Members of CreateConnection and UpdateConnection.
    private static final Set<String> MEMBERS =
            Set.of(
                    "Name",
                    "Description",
                    "AuthorizationType",
                    "AuthParameters",
                    "InvocationConnectivityParameters");

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[ \\t\\x20-\\x7E\\x80-\\xFF]*");
    private static final int LONGEST_VALUE = 512;
    private static final int MOST_PARAMETERS = 100;

    private final CloudClock clock;
    private final Map<String, EventBridgeConnection> byName = new ConcurrentHashMap<>();

    ConnectionService(CloudClock clock) {
        this.clock = clock;
    }

    @Override
    public ConnectionSecret authorize(String connectionArn) {
        var connection = byArn(connectionArn);
        if (!connection.authorized()) {
            throw AwsErrorException.client(
                    "Events.ConnectionResource.InvalidConnectionState",
                    "Connection [%s] is in an invalid state: DEAUTHORIZED"
                            .formatted(connectionArn));
        }
        return connection.authorization();
    }

    @Override
    public void deauthorize(String connectionArn) {
        var connection = byArn(connectionArn);
        byName.computeIfPresent(
                connection.name(), (_, now) -> now.authorized(false, clock.instant()));
    }

    /// Whether the connection is currently authorised.
    boolean isAuthorized(String connectionArn) {
        return byArn(connectionArn).authorized();
    }

    @Override
    public String secretOf(String connectionArn) {
        return byArn(connectionArn).secretArn();
    }

    /// The ARN of a connection.
    Optional<String> arnOf(String name) {
        return Optional.ofNullable(byName.get(name)).map(EventBridgeConnection::arn);
    }

    private EventBridgeConnection byArn(String connectionArn) {
        return byName.values().stream()
                .filter(connection -> connection.arn().equals(connectionArn))
                .findFirst()
                .orElseThrow(
                        () ->
                                AwsErrorException.client(
                                        "Events.ConnectionResource.ResourceNotFound",
                                        "Connection [%s] not found".formatted(connectionArn)));
    }

    ObjectNode create(AwsRequest request) {
        var members = EventBusService.read(request, MEMBERS);
        var name = members.required("Name", EventBusService.NAME, 64);
        var type = members.required("AuthorizationType");
        var parameters = authParameters(members);
        if (parameters == null) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value null at 'authParameters' failed to satisfy constraint: Member must not be null");
        }
        var http = http(parameters);
        var now = clock.instant();
        var connection =
                new EventBridgeConnection(
                        name,
                        EventBusService.arn(
                                request.context(),
                                "connection/%s/%s".formatted(name, UUID.randomUUID())),
                        "arn:aws:secretsmanager:%s:%s:secret:events!connection/%s/%s"
                                .formatted(
                                        request.context().region(),
                                        request.context().accountId(),
                                        name,
                                        UUID.randomUUID()),
                        members.optional("Description", EventBusService.LONGEST_DESCRIPTION),
                        credentials(type, parameters),
                        parameters(http, "HeaderParameters", true),
                        parameters(http, "QueryStringParameters", false),
                        parameters(http, "BodyParameters", false),
                        resourceConfiguration(members),
                        true,
                        now,
                        now,
                        now);
        if (byName.putIfAbsent(name, connection) != null) {
            throw EventBridgeErrors.alreadyExists("Connection %s already exists.".formatted(name));
        }
        return connection.toStateChange();
    }

    ObjectNode update(AwsRequest request) {
        var members = EventBusService.read(request, MEMBERS);
        var before = connection(members);
        var description = members.optional("Description", EventBusService.LONGEST_DESCRIPTION);
        var type = members.optional("AuthorizationType");
        var parameters = authParameters(members);
        if (type != null && parameters == null && !type.equals(before.credentials().type())) {
            throw AwsErrorException.validation(
                    "AuthParameters are required to change AuthorizationType.");
        }
        var http = parameters == null ? null : http(parameters);
        boolean onlyHttp =
                parameters != null
                        && !parameters.has("ApiKeyAuthParameters")
                        && !parameters.has("BasicAuthParameters");
        var now = clock.instant();
        var after =
                new EventBridgeConnection(
                        before.name(),
                        before.arn(),
                        before.secretArn(),
                        description == null ? before.description() : description,
                        parameters == null || onlyHttp
                                ? before.credentials()
                                : credentials(
                                        type == null ? before.credentials().type() : type,
                                        parameters),
                        http == null
                                ? before.headers()
                                : parameters(http, "HeaderParameters", true),
                        http == null
                                ? before.query()
                                : parameters(http, "QueryStringParameters", false),
                        http == null ? before.body() : parameters(http, "BodyParameters", false),
                        members.has("InvocationConnectivityParameters")
                                ? resourceConfiguration(members)
                                : before.resourceConfigurationArn(),
                        true,
                        before.created(),
                        now,
                        now);
        byName.put(after.name(), after);
        return after.toStateChange();
    }

    ObjectNode deauthorize(AwsRequest request) {
        var before = connection(EventBusService.read(request, Set.of("Name")));
        var after = before.authorized(false, clock.instant());
        byName.put(after.name(), after);
        return after.toStateChange();
    }

    ObjectNode delete(AwsRequest request) {
        var connection = connection(EventBusService.read(request, Set.of("Name")));
        byName.remove(connection.name());
        return connection.toStateChange().put("ConnectionState", "DELETING");
    }

    ObjectNode describe(AwsRequest request) {
        return connection(EventBusService.read(request, Set.of("Name"))).toDescription();
    }

    ObjectNode list(AwsRequest request) {
        var members =
                EventBusService.read(
                        request, Set.of("NamePrefix", "ConnectionState", "NextToken", "Limit"));
        var state = members.optional("ConnectionState");
        return EventBusService.list(
                members,
                "Connections",
                byName.values().stream()
                        .filter(
                                c ->
                                        EventBusService.hasPrefix(
                                                c.name(), members.optional("NamePrefix")))
                        .filter(c -> state == null || c.state().equals(state))
                        .sorted(Comparator.comparing(EventBridgeConnection::name))
                        .toList(),
                EventBridgeConnection::name,
                EventBridgeConnection::toSummary);
    }

    private EventBridgeConnection connection(RequestMembers members) {
        var name = members.required("Name", EventBusService.NAME, 64);
        var connection = byName.get(name);
        if (connection == null) {
            throw EventBridgeErrors.notFound(
                    "Failed to describe the connection(s). Connection '%s' does not exist."
                            .formatted(name));
        }
        return connection;
    }

    /// The VPC Lattice resource configuration of a private endpoint.
    private static @Nullable String resourceConfiguration(RequestMembers members) {
        var connectivity =
                members.child("InvocationConnectivityParameters", Set.of("ResourceParameters"));
        if (connectivity == null) {
            return null;
        }
        var resource = connectivity.child("ResourceParameters", Set.of("ResourceConfigurationArn"));
        return resource == null ? null : resource.required("ResourceConfigurationArn");
    }

    private static @Nullable RequestMembers authParameters(RequestMembers members) {
        return members.child(
                "AuthParameters",
                Set.of(
                        "BasicAuthParameters",
                        "ApiKeyAuthParameters",
                        "OAuthParameters",
                        "InvocationHttpParameters"));
    }

    private static EventBridgeConnection.ConnectionCredentials credentials(
            String type, RequestMembers parameters) {
        if (type.equals("OAUTH_CLIENT_CREDENTIALS") || parameters.has("OAuthParameters")) {
            throw EventBridgeErrors.unsupported("connections with OAUTH_CLIENT_CREDENTIALS");
        }
        return switch (type) {
            case "API_KEY" -> {
                var key =
                        parameters.child(
                                "ApiKeyAuthParameters", Set.of("ApiKeyName", "ApiKeyValue"));
                if (key == null || parameters.has("BasicAuthParameters")) {
                    throw AwsErrorException.validation(
                            "Authorization type API_KEY needs ApiKeyAuthParameters and no others.");
                }
                yield new EventBridgeConnection.ConnectionCredentials.ApiKeyCredentials(
                        key.required("ApiKeyName", HEADER_NAME, LONGEST_VALUE),
                        key.required("ApiKeyValue", HEADER_VALUE, LONGEST_VALUE));
            }
            case "BASIC" -> {
                var basic = parameters.child("BasicAuthParameters", Set.of("Username", "Password"));
                if (basic == null || parameters.has("ApiKeyAuthParameters")) {
                    throw AwsErrorException.validation(
                            "Authorization type BASIC needs BasicAuthParameters and no others.");
                }
                yield new EventBridgeConnection.ConnectionCredentials.BasicCredentials(
                        basic.required("Username", HEADER_VALUE, LONGEST_VALUE),
                        basic.required("Password", HEADER_VALUE, LONGEST_VALUE));
            }
            default ->
                    throw AwsErrorException.validation(
                            "1 validation error detected: Value '%s' at 'authorizationType' failed to satisfy constraint: Member must satisfy enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]"
                                    .formatted(type));
        };
    }

    private static @Nullable RequestMembers http(RequestMembers parameters) {
        return parameters.child(
                "InvocationHttpParameters",
                Set.of("HeaderParameters", "QueryStringParameters", "BodyParameters"));
    }

    private static List<EventBridgeConnection.ConnectionParameter> parameters(
            @Nullable RequestMembers http, String name, boolean header) {
        if (http == null) {
            return List.of();
        }
        var parameters = new ArrayList<EventBridgeConnection.ConnectionParameter>();
        for (ObjectNode node : http.objects(name)) {
            var members =
                    RequestMembers.of(
                            name,
                            node,
                            AwsErrorException::validation,
                            Set.of("Key", "Value", "IsValueSecret"));
            var key = members.required("Key");
            var value = members.optional("Value", LONGEST_VALUE);
            if (header) {
                members.check("Key", key, HEADER_NAME, LONGEST_VALUE);
                if (value != null && !HEADER_VALUE.matcher(value).matches()) {
                    throw members.constraint(
                            "Value",
                            value,
                            "Member must satisfy regular expression pattern: [ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*");
                }
            }
            parameters.add(
                    new EventBridgeConnection.ConnectionParameter(
                            key, value == null ? "" : value, members.flag("IsValueSecret")));
        }
        if (parameters.size() > MOST_PARAMETERS) {
            throw AwsErrorException.validation(
                    "%s must have at most %d entries".formatted(name, MOST_PARAMETERS));
        }
        return parameters;
    }
}
