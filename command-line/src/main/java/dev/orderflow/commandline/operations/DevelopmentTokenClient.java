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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/// Tokens of the development issuer, each fetched once.
public final class DevelopmentTokenClient {

    /// The secret of every client of the development issuer.
    private static final String SECRET = "local";

    private final Supplier<URI> issuer;
    private final HttpClient http;
    private final Map<String, String> byName = new ConcurrentHashMap<>();

    /// @param issuer where it is, asked when the first token is
    public DevelopmentTokenClient(Supplier<URI> issuer, HttpClient http) {
        this.issuer = issuer;
        this.http = http;
    }

    /// A token of a customer; of an operator if the name begins with `operator`.
    ///
    /// @throws IllegalStateException when the issuer gives none, for example for a name that is
    ///     none
    /// @throws UncheckedIOException when it does not answer
    public String token(String name) {
        return byName.computeIfAbsent(name, this::fetch);
    }

    /// What a request carries.
    public Map<String, String> authorizationHeader(String name) {
        return Map.of("Authorization", "Bearer " + token(name));
    }

    private String fetch(String name) {
        var secret = name + ":" + SECRET;
        var request =
                HttpRequest.newBuilder(issuer.get().resolve("/oauth2/token"))
                        .timeout(Duration.ofSeconds(30))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString(
                                                        secret.getBytes(StandardCharsets.UTF_8)))
                        .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                        .build();
        try {
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "the issuer gives no token for '%s' (HTTP %d)"
                                .formatted(name, answer.statusCode()));
            }
            return JsonMapper.shared().readTree(answer.body()).path("access_token").asString();
        } catch (IOException nobody) {
            throw new UncheckedIOException("the issuer does not answer", nobody);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", stopped);
        }
    }
}
