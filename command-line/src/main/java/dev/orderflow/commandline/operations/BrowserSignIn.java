package dev.orderflow.commandline.operations;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The authorization code flow of a native application ([RFC
/// 8252](https://www.rfc-editor.org/rfc/rfc8252)) with PKCE ([RFC
/// 7636](https://www.rfc-editor.org/rfc/rfc7636)): the user signs in with a browser, which the
/// issuer redirects to a port of this process.
final class BrowserSignIn {

    /// The port of the redirect URI, which must be registered at the issuer exactly.
    static final int PORT = 8765;

    static final String REDIRECT_URI = "http://localhost:" + PORT + "/callback";

    private static final Duration TIME_TO_SIGN_IN = Duration.ofMinutes(5);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final URI issuer;
    private final String clientId;
    private final HttpClient http;
    private final Consumer<String> print;

    /// @param print shows a line to the user
    BrowserSignIn(URI issuer, String clientId, HttpClient http, Consumer<String> print) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.http = http;
        this.print = print;
    }

    /// Waits until the user has signed in, five minutes at most.
    ///
    /// @return the access token
    /// @throws CommandFailedException when the user or the issuer refuses, or time is over
    String token() {
        var configuration =
                send(
                        HttpRequest.newBuilder(
                                URI.create(
                                        issuer.toString().replaceAll("/$", "")
                                                + "/.well-known/openid-configuration")));
        var authorizationEndpoint = requireText(configuration, "authorization_endpoint");
        var tokenEndpoint = requireText(configuration, "token_endpoint");
        var verifier = random();
        var state = random();
        var result = new CompletableFuture<Map<String, String>>();
        var server = listen(result);
        try {
            print.accept("Open this address in a browser and sign in:");
            print.accept(
                    authorizationEndpoint
                            + "?"
                            + form(
                                    Map.of(
                                            "response_type",
                                            "code",
                                            "client_id",
                                            clientId,
                                            "redirect_uri",
                                            REDIRECT_URI,
                                            "scope",
                                            "openid profile",
                                            "state",
                                            state,
                                            "code_challenge",
                                            challenge(verifier),
                                            "code_challenge_method",
                                            "S256")));
            var parameters = result.get(TIME_TO_SIGN_IN.toMinutes(), TimeUnit.MINUTES);
            if (!state.equals(parameters.get("state")) || !parameters.containsKey("code")) {
                throw new CommandFailedException(
                        "the issuer refused: "
                                + parameters.getOrDefault("error", "invalid answer"));
            }
            return requireText(
                    send(
                            HttpRequest.newBuilder(URI.create(tokenEndpoint))
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    form(
                                                            Map.of(
                                                                    "grant_type",
                                                                    "authorization_code",
                                                                    "client_id",
                                                                    clientId,
                                                                    "redirect_uri",
                                                                    REDIRECT_URI,
                                                                    "code",
                                                                    parameters.get("code"),
                                                                    "code_verifier",
                                                                    verifier))))),
                    "access_token");
        } catch (TimeoutException _) {
            throw new CommandFailedException(
                    "no sign-in within 5 minutes; run ./orderflow login again");
        } catch (ExecutionException failed) {
            throw new CommandFailedException("the sign-in failed: " + failed.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted");
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer listen(CompletableFuture<Map<String, String>> result) {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 0);
            server.createContext(
                    "/callback",
                    exchange -> {
                        result.complete(parameters(exchange));
                        var text =
                                "You can close this page and return to the command line."
                                        .getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders()
                                .set("Content-Type", "text/plain; charset=utf-8");
                        exchange.sendResponseHeaders(200, text.length);
                        exchange.getResponseBody().write(text);
                        exchange.close();
                    });
            server.start();
            return server;
        } catch (IOException failed) {
            throw new CommandFailedException(
                    "cannot listen on port %d for the answer of the browser: %s"
                            .formatted(PORT, failed.getMessage()));
        }
    }

    private static Map<String, String> parameters(HttpExchange exchange) {
        var parameters = new HashMap<String, String>();
        var query = exchange.getRequestURI().getRawQuery();
        for (var pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            var answer =
                    http.send(
                            request.timeout(Duration.ofSeconds(30)).build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new CommandFailedException(
                        "the issuer %s answered %d".formatted(issuer, answer.statusCode()));
            }
            return JsonMapper.shared().readTree(answer.body());
        } catch (JacksonException _) {
            throw notAnIssuer();
        } catch (IOException _) {
            throw new CommandFailedException("cannot connect to the issuer " + issuer);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted");
        }
    }

    private String requireText(JsonNode answer, String member) {
        if (!answer.path(member).isString()) {
            throw notAnIssuer();
        }
        return answer.path(member).stringValue();
    }

    private CommandFailedException notAnIssuer() {
        return new CommandFailedException("the server at %s is not an issuer".formatted(issuer));
    }

    private static String form(Map<String, String> fields) {
        return String.join(
                "&",
                fields.entrySet().stream()
                        .map(
                                field ->
                                        field.getKey()
                                                + "="
                                                + OperationsApiCommand.encode(field.getValue()))
                        .toList());
    }

    private static String random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return encode(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return encode(
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
