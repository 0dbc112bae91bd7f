package dev.orderflow.crashtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Speaks to the system as anybody outside would.
final class SystemProbe {

    static final JsonMapper JSON = JsonMapper.shared();

    /// @param status 0 when there was no answer
    record ProbeResponse(int status, String body) {

        JsonNode json() {
            return JSON.readTree(body.isEmpty() ? "{}" : body);
        }

        boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    private final HttpClient http;
    private final String internalApiKey;

    SystemProbe(HttpClient http, String internalApiKey) {
        this.http = http;
        this.internalApiKey = internalApiKey;
    }

    /// One call; no answer is an answer too.
    ProbeResponse call(
            String method, URI base, String path, Map<String, String> headers, String body) {
        return call(method, base, path, headers, body, Duration.ofSeconds(15));
    }

    private ProbeResponse call(
            String method,
            URI base,
            String path,
            Map<String, String> headers,
            String body,
            Duration patience) {
        var request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(patience)
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new ProbeResponse(answer.statusCode(), answer.body());
        } catch (IOException none) {
            return new ProbeResponse(0, "");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        }
    }

    ProbeResponse internal(String method, URI base, String path, String key, String body) {
        return call(
                method,
                base,
                path,
                Map.of("X-Api-Key", internalApiKey, "Idempotency-Key", key),
                body);
    }

    /// Has the operations console compare all books, which takes longer the more there is in them.
    ProbeResponse audit(URI console) {
        return call(
                "POST",
                console,
                "/internal/operations/audit",
                Map.of("X-Api-Key", internalApiKey),
                "{}",
                Duration.ofMinutes(10));
    }

    /// What a look yields; a look may be repeated.
    ///
    /// @throws UncheckedIOException when there is no good answer
    JsonNode get(URI base, String path) {
        for (int attempt = 1; ; attempt++) {
            var answer = internal("GET", base, path, "look", "");
            if (answer.isSuccess()) {
                return answer.json();
            }
            if (attempt == 10) {
                throw new UncheckedIOException(
                        new IOException(
                                base + path + " answered " + answer.status() + answer.body()));
            }
            pause(Duration.ofMillis(500));
        }
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        }
    }
}
