package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.ConnectionPort;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.HttpFailureDescription;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// [`http:invoke`](https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html): one
/// HTTP call with the authorisation of a connection.
///
/// The call reaches another program, so its limits are wall-clock time regardless of the cloud
/// clock. Unlike AWS it also calls `http` endpoints, because local services have no certificates.
final class HttpTask implements AutoCloseable {

    /// AWS's limit for one call.
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int BODY_LIMIT = 262_144;
    private static final Set<String> METHODS =
            Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD");
    private static final Set<String> FORBIDDEN =
            Set.of(
                    "authorization",
                    "cache-control",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-md5",
                    "date",
                    "expect",
                    "host",
                    "max-forwards",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "server",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade",
                    "via",
                    "www-authenticate");
    private static final Set<String> FIXED = Set.of("user-agent", "range");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(LIMIT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(threads)
                    .build();
    private final ConnectionPort connections;
    private final Authorizer authorizer;
    private final UnaryOperator<URI> names;

    /// @param names maps a URL to its actual host, for host names that only the account's network
    ///     resolves
    HttpTask(ConnectionPort connections, Authorizer authorizer, UnaryOperator<URI> names) {
        this.connections = connections;
        this.authorizer = authorizer;
        this.names = names;
    }

    /// Whether AWS forbids the header in a definition.
    static boolean isForbidden(String header) {
        String name = header.toLowerCase(Locale.ROOT);
        return FORBIDDEN.contains(name)
                || name.startsWith("x-forwarded")
                || name.startsWith("x-amz")
                || name.startsWith("if-");
    }

    /// @param machine state machine of the calling execution
    /// @param timeout time-out of the state, null when absent
    PendingTask.TaskResult call(
            JsonNode arguments, StateMachine machine, @Nullable Duration timeout) {
        HttpRequest request;
        try {
            request = request(arguments, machine, timeout);
        } catch (AwsErrorException e) {
            if (e.code().equals("AccessDeniedException")) {
                return new PendingTask.TaskResult.TaskFailed(
                        StateFailedException.PERMISSIONS, e.getMessage());
            }
            return new PendingTask.TaskResult.TaskFailed(
                    e.code().startsWith("Events.")
                            ? e.code()
                            : "Events.ConnectionResource." + e.code(),
                    e.getMessage());
        }
        try {
            HttpResponse<InputStream> response =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() == 401 || response.statusCode() == 407) {
                connections.deauthorize(connectionOf(arguments));
            }
            return outcome(response);
        } catch (HttpTimeoutException _) {
            return timeout != null && timeout.compareTo(LIMIT) < 0
                    ? new PendingTask.TaskResult.TaskTimedOut(false)
                    : new PendingTask.TaskResult.TaskFailed(
                            "States.Http.Socket", "The HTTP call did not answer in time");
        } catch (IOException e) {
            return new PendingTask.TaskResult.TaskFailed(
                    "States.Http.Socket",
                    "The HTTP call to %s failed: %s"
                            .formatted(
                                    request.uri().getAuthority(),
                                    HttpFailureDescription.describe(e)));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Execution.BranchAbandonedException();
        }
    }

    private HttpRequest request(
            JsonNode arguments, StateMachine machine, @Nullable Duration timeout) {
        String method = text(arguments, "Method");
        if (!METHODS.contains(method)) {
            throw StateFailedException.runtime("Method '" + method + "' is not supported");
        }
        String connectionArn = connectionOf(arguments);
        if (connectionArn.isEmpty()) {
            throw StateFailedException.runtime(
                    "The field 'ConnectionArn' is required but was missing");
        }
        authorizer.require(
                machine.caller(),
                "states:InvokeHTTPEndpoint",
                machine.arn(),
                Map.of(
                        "states:HTTPMethod",
                        method,
                        "states:HTTPEndpoint",
                        text(arguments, "ApiEndpoint")));
        ConnectionPort.ConnectionSecret authorization =
                connections.forCaller(machine.caller()).authorize(connectionArn);
        URI uri = names.apply(uri(arguments, authorization.query()));
        var headers = new LinkedHashMap<String, List<String>>();
        for (Map.Entry<String, JsonNode> e : arguments.path("Headers").properties()) {
            if (isForbidden(e.getKey())) {
                throw StateFailedException.runtime(
                        "The header '%s' is not allowed in an HTTP Task".formatted(e.getKey()));
            }
            if (!FIXED.contains(e.getKey().toLowerCase(Locale.ROOT))) {
                headers.put(e.getKey(), values(e.getValue()));
            }
        }
        JsonNode body = arguments.path("RequestBody");
        if (body.isMissingNode() && !authorization.body().isEmpty()) {
            body = StepFunctionsJson.object();
        }
        if (body instanceof ObjectNode object && !authorization.body().isEmpty()) {
            ObjectNode merged = object.deepCopy();
            authorization.body().forEach(merged::put);
            body = merged;
        }
        JsonNode transform = arguments.path("Transform");
        if (UrlEncodedBody.isWanted(transform) && body.isObject()) {
            body = StepFunctionsJson.NODES.stringNode(UrlEncodedBody.of(body, transform));
            headers.keySet().removeIf("content-type"::equalsIgnoreCase);
            headers.put("Content-Type", List.of("application/x-www-form-urlencoded"));
        }
        boolean hasType =
                headers.keySet().stream().anyMatch(h -> h.equalsIgnoreCase("content-type"));
        if (!body.isMissingNode() && !hasType) {
            headers.put("Content-Type", List.of("application/json"));
        }
        authorization
                .headers()
                .forEach(
                        (name, value) -> {
                            headers.keySet().removeIf(name::equalsIgnoreCase);
                            headers.put(name, List.of(value));
                        });
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri);
            headers.forEach((name, all) -> all.forEach(value -> request.header(name, value)));
            request.header("User-Agent", "Amazon|StepFunctions|HttpInvoke|" + machine.region());
            request.header("Range", "bytes=0-" + BODY_LIMIT);
            request.timeout(timeout == null || timeout.compareTo(LIMIT) > 0 ? LIMIT : timeout);
            request.method(
                    method,
                    body.isMissingNode()
                            ? HttpRequest.BodyPublishers.noBody()
                            : HttpRequest.BodyPublishers.ofString(
                                    StepFunctionsJson.stringOrJson(body)));
            return request.build();
        } catch (IllegalArgumentException e) {
            throw StateFailedException.runtime("The HTTP call cannot be made: " + e.getMessage());
        }
    }

    private static String connectionOf(JsonNode arguments) {
        String arn = arguments.path("Authentication").path("ConnectionArn").asString("");
        return arn.isEmpty()
                ? arguments.path("InvocationConfig").path("ConnectionArn").asString("")
                : arn;
    }

    private static URI uri(JsonNode arguments, Map<String, String> fromConnection) {
        String endpoint = text(arguments, "ApiEndpoint");
        var query = new LinkedHashMap<String, List<String>>();
        arguments
                .path("QueryParameters")
                .properties()
                .forEach(e -> query.put(e.getKey(), values(e.getValue())));
        fromConnection.forEach((name, value) -> query.put(name, List.of(value)));
        var url = new StringBuilder(endpoint);
        query.forEach(
                (name, all) ->
                        all.forEach(
                                value ->
                                        url.append(url.indexOf("?") < 0 ? '?' : '&')
                                                .append(encode(name))
                                                .append('=')
                                                .append(encode(value))));
        try {
            URI uri = URI.create(url.toString());
            if (uri.getHost() == null
                    || !("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
                throw StateFailedException.runtime(
                        "ApiEndpoint '" + endpoint + "' is not an HTTP URL");
            }
            return uri;
        } catch (IllegalArgumentException _) {
            throw StateFailedException.runtime("ApiEndpoint '" + endpoint + "' is not an HTTP URL");
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String text(JsonNode arguments, String field) {
        JsonNode value = arguments.path(field);
        if (!value.isString()) {
            throw StateFailedException.runtime(
                    "The field '" + field + "' is required but was missing");
        }
        return value.stringValue();
    }

    private static List<String> values(JsonNode value) {
        return value instanceof ArrayNode array
                ? array.valueStream().map(StepFunctionsJson::stringOrJson).toList()
                : List.of(StepFunctionsJson.stringOrJson(value));
    }

    private static PendingTask.TaskResult outcome(HttpResponse<InputStream> response)
            throws IOException {
        byte[] bytes;
        try (InputStream stream = response.body()) {
            bytes = stream.readNBytes(BODY_LIMIT + 1);
        }
        if (bytes.length > BODY_LIMIT) {
            return new PendingTask.TaskResult.TaskFailed(
                    StateFailedException.DATA_LIMIT,
                    "The response body exceeds the maximum of %d bytes".formatted(BODY_LIMIT));
        }
        String type = response.headers().firstValue("content-type").orElse("");
        String text;
        try {
            text = charset(type).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            return new PendingTask.TaskResult.TaskFailed(
                    StateFailedException.RUNTIME,
                    "The response body is not text, and cannot be processed");
        }
        int status = response.statusCode();
        if (status >= 300) {
            return new PendingTask.TaskResult.TaskFailed(
                    "States.Http.StatusCode." + status,
                    text.isEmpty() ? StatusText.of(status) : text);
        }
        ObjectNode result = StepFunctionsJson.object();
        ObjectNode headers = result.putObject("Headers");
        response.headers()
                .map()
                .forEach(
                        (name, all) -> {
                            ArrayNode array = headers.putArray(name);
                            all.forEach(array::add);
                        });
        result.set("ResponseBody", body(type, text));
        result.put("StatusCode", status);
        result.put("StatusText", StatusText.of(status));
        return new PendingTask.TaskResult.TaskSucceeded(result);
    }

    private static JsonNode body(String type, String text) {
        if (type.toLowerCase(Locale.ROOT).contains("json") && !text.isBlank()) {
            try {
                return StepFunctionsJson.parse(text);
            } catch (JacksonException | IllegalArgumentException _) {
                // A body that is declared as JSON and is not JSON stays text.
            }
        }
        return StepFunctionsJson.NODES.stringNode(text);
    }

    private static Charset charset(String contentType) {
        int at = contentType.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(
                    contentType.substring(at + 8).split("[;\\s]", 2)[0].replace("\"", ""));
        } catch (IllegalArgumentException _) {
            return StandardCharsets.UTF_8;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }
}
