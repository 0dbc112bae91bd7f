package dev.orderflow.localrun;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Speaks to the running system as anybody outside would.
final class Http {

    private final LocalRun system;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Http(LocalRun system) {
        this.system = system;
    }

    JsonNode get(Part part, String path, Map<String, String> headers) {
        return send(part, path, headers, "GET", "");
    }

    JsonNode internal(String method, Part part, String path, String body, String idempotencyKey) {
        return send(
                part,
                path,
                Map.of("X-Api-Key", system.internalApiKey(), "Idempotency-Key", idempotencyKey),
                method,
                body);
    }

    /// @throws IllegalStateException when the answer is no success
    JsonNode send(Part part, String path, Map<String, String> headers, String method, String body) {
        var request =
                HttpRequest.newBuilder(system.url(part).resolve(path))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        "%s %s %s answered %d: %s"
                                .formatted(
                                        part.label(),
                                        method,
                                        path,
                                        answer.statusCode(),
                                        answer.body()));
            }
            return JsonMapper.shared().readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (IOException failed) {
            throw new UncheckedIOException(part.label() + " " + path, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        }
    }
}
