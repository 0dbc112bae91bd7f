package dev.orderflow.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.TestOperators;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The operators' API of the console under test.
public final class ConsoleApi {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;

    public ConsoleApi(int port) {
        this.port = port;
    }

    /// Reads a resource, which must exist.
    public JsonNode get(String path) {
        return read(200, send("GET", path, ""));
    }

    /// Sends a request, which must be answered with this status.
    public JsonNode post(int status, String path, Object body) {
        return read(
                status,
                send(
                        "POST",
                        path,
                        body instanceof String text
                                ? text
                                : JsonMapper.shared().writeValueAsString(body)));
    }

    /// Waits for the end of a redrive, a discard or a dismissal.
    public JsonNode awaitEnd(JsonNode started) {
        var path = "/redrives/" + confirmed(started).path("redriveId").stringValue();
        return await().pollInterval(Duration.ofMillis(20))
                .until(
                        () -> get(path),
                        redrive -> !redrive.path("state").stringValue().equals("RUNNING"));
    }

    /// Confirms, as a second person, what waits for that.
    private JsonNode confirmed(JsonNode started) {
        if (started.has("redriveId")) {
            return started;
        }
        return read(202, confirm("anna", started.path("id").stringValue()));
    }

    /// The actions that wait for a second person.
    public JsonNode confirmations() {
        return read(
                200,
                send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:%d/internal/confirmations"
                                                        .formatted(port)))
                                .header("Authorization", TestOperators.administrator())
                                .build()));
    }

    /// Confirms a waiting action as this operator.
    public HttpResponse<String> confirm(String operator, String id) {
        return send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/internal/confirmations/%s/confirmation"
                                                .formatted(port, id)))
                        .header("Authorization", TestOperators.administrator(operator))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build());
    }

    /// Sends a request with the access token of an operator who may do everything.
    public HttpResponse<String> send(String method, String path, String body) {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", TestOperators.administrator())
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    /// Reads a resource without credentials.
    public HttpResponse<String> getWithoutCredentials(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + "/internal/operations" + path);
    }

    private static JsonNode read(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(response.body());
    }
}
