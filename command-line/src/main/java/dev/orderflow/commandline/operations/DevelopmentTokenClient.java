package dev.orderflow.commandline.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Fetches access tokens from the development issuer, and caches them.
public final class DevelopmentTokenClient {

    /// The secret of every client of the development issuer.
    private static final String SECRET = "local";

    private final Supplier<URI> issuer;
    private final HttpClient http;
    private final Map<String, String> byName = new ConcurrentHashMap<>();
    private final Map<String, String> operators = new ConcurrentHashMap<>();

    /// @param issuer supplies the URL of the issuer when the first token is fetched
    public DevelopmentTokenClient(Supplier<URI> issuer, HttpClient http) {
        this.issuer = issuer;
        this.http = http;
    }

    /// The token of a customer; of an operator when the name starts with `operator`.
    ///
    /// @throws IllegalStateException when the issuer rejects the request, for example because of
    ///     the name, or the server is not an issuer
    /// @throws UncheckedIOException when the issuer does not respond
    public String token(String name) {
        return byName.computeIfAbsent(name, this::fetch);
    }

    /// The token of an operator for the internal API.
    ///
    /// @param user a user of the development issuer, such as `adam`
    /// @throws IllegalStateException when there is no such user, or the server is not an issuer
    /// @throws UncheckedIOException when the issuer does not respond
    public String operatorToken(String user) {
        return operators.computeIfAbsent(
                user, name -> fetch(name, "grant_type=client_credentials&scope=operations"));
    }

    /// The `Authorization` header with the token.
    public Map<String, String> authorizationHeader(String name) {
        return Map.of("Authorization", "Bearer " + token(name));
    }

    private String fetch(String name) {
        return fetch(name, "grant_type=client_credentials");
    }

    private String fetch(String name, String form) {
        var secret = name + ":" + SECRET;
        var url = issuer.get();
        var request =
                HttpRequest.newBuilder(url.resolve("/oauth2/token"))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        secret.getBytes(StandardCharsets.UTF_8)))
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "the issuer rejects the token request for '%s' (HTTP %d)"
                                .formatted(name, answer.statusCode()));
            }
            return findToken(answer.body())
                    .orElseThrow(
                            () ->
                                    new IllegalStateException(
                                            "the server at %s is not the issuer".formatted(url)));
        } catch (IOException unreachable) {
            throw new UncheckedIOException("cannot connect to the issuer", unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", interrupted);
        }
    }

    /// The access token of a response; empty when it is not one of an issuer.
    private static Optional<String> findToken(String body) {
        try {
            var token = JsonMapper.shared().readTree(body).path("access_token");
            return token.isString() ? Optional.of(token.stringValue()) : Optional.empty();
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }
}
