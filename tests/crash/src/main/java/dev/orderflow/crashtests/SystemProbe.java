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

/// Calls the HTTP APIs of the system from outside.
final class SystemProbe {

    static final JsonMapper JSON = JsonMapper.shared();

    /// @param status 0 when there was no response
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

    /// Sends one request; a missing response is returned as status 0.
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
            Duration timeout) {
        var request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(timeout)
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new ProbeResponse(answer.statusCode(), answer.body());
        } catch (IOException _) {
            return new ProbeResponse(0, "");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", interrupted);
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

    /// Calls an internal endpoint as an operator.
    ///
    /// @param token the access token
    ProbeResponse asOperator(String token, String method, URI base, String path, String body) {
        return call(method, base, path, Map.of("Authorization", "Bearer " + token), body);
    }

    /// Runs the audit of operations-console; its duration grows with the number of orders.
    ProbeResponse audit(URI console) {
        return call(
                "POST",
                console,
                "/internal/operations/audit",
                Map.of("X-Api-Key", internalApiKey),
                "{}",
                Duration.ofMinutes(10));
    }

    /// Sends a GET request, with retries.
    ///
    /// @throws UncheckedIOException when there is no successful response
    JsonNode get(URI base, String path) {
        for (int attempt = 1; ; attempt++) {
            var answer = internal("GET", base, path, "read", "");
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
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", interrupted);
        }
    }
}
