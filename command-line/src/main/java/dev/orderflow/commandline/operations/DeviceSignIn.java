package dev.orderflow.commandline.operations;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The device grant ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)): the user signs in with
/// the browser of any device, for machines without one, such as those that are reached by SSH.
final class DeviceSignIn {

    /// The client of the command line at the development issuer, whose secret is public.
    private static final String DEVELOPMENT_CLIENT = "command-line";

    private static final String DEVELOPMENT_SECRET = "local";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";

    /// What RFC 8628 prescribes when the issuer names no interval, and adds for `slow_down`.
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final int MAX_INTERVAL_SECONDS = 60;
    private static final Duration MAX_LIFETIME = Duration.ofMinutes(30);

    private final URI issuer;
    private final Optional<String> clientId;
    private final HttpClient http;
    private final Consumer<String> print;

    /// @param clientId a public client; empty for that of the development issuer
    /// @param print shows a line to the user
    DeviceSignIn(URI issuer, Optional<String> clientId, HttpClient http, Consumer<String> print) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.http = http;
        this.print = print;
    }

    /// Waits until the user has signed in, as long as the code is valid.
    ///
    /// @return the access token
    /// @throws CommandFailedException when the user or the issuer refuses, the issuer has no device
    ///     grant, or the code has expired
    String token() {
        var configuration =
                require(
                        send(
                                HttpRequest.newBuilder(
                                        URI.create(
                                                issuer.toString().replaceAll("/$", "")
                                                        + "/.well-known/openid-configuration"))));
        var endpoint = configuration.path("device_authorization_endpoint");
        if (!endpoint.isString()) {
            throw new CommandFailedException(
                    "the issuer %s has no sign-in with another device; run ./orderflow login without --device"
                            .formatted(issuer));
        }
        var begun = require(send(form(endpoint.stringValue(), Map.of("scope", "operations"))));
        var address =
                begun.path("verification_uri_complete")
                        .asString(begun.path("verification_uri").asString(""));
        print.accept("Open this address in the browser of any device and sign in:");
        print.accept(address);
        print.accept("It must show the code " + begun.path("user_code").asString(""));
        return poll(
                configuration.path("token_endpoint").asString(""),
                begun.path("device_code").asString(""),
                interval(begun),
                System.nanoTime() + lifetime(begun).toNanos());
    }

    private static Duration interval(JsonNode begun) {
        return begun.path("interval").isInt()
                ? Duration.ofSeconds(
                        Math.clamp(begun.path("interval").intValue(), 0, MAX_INTERVAL_SECONDS))
                : INTERVAL;
    }

    private static Duration lifetime(JsonNode begun) {
        var seconds = Duration.ofSeconds(Math.max(0, begun.path("expires_in").asLong(0)));
        return seconds.compareTo(MAX_LIFETIME) < 0 ? seconds : MAX_LIFETIME;
    }

    private String poll(String endpoint, String deviceCode, Duration firstInterval, long end) {
        var interval = firstInterval;
        do {
            var answer =
                    send(form(endpoint, Map.of("grant_type", GRANT, "device_code", deviceCode)));
            var body = parse(answer);
            if (answer.statusCode() == 200 && body.path("access_token").isString()) {
                return body.path("access_token").stringValue();
            }
            switch (body.path("error").asString("")) {
                case "authorization_pending" -> {}
                case "slow_down" -> interval = interval.plus(INTERVAL);
                case "access_denied" -> throw new CommandFailedException("the sign-in was refused");
                case "expired_token" -> throw expired();
                case String error ->
                        throw new CommandFailedException(
                                "the issuer %s answered %d %s"
                                        .formatted(issuer, answer.statusCode(), error)
                                        .strip());
            }
            pause(interval);
        } while (System.nanoTime() - end < 0);
        throw expired();
    }

    private static CommandFailedException expired() {
        return new CommandFailedException(
                "the code has expired; run ./orderflow login --device again");
    }

    private static void pause(Duration interval) {
        try {
            Thread.sleep(interval);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted");
        }
    }

    private HttpRequest.Builder form(String url, Map<String, String> fields) {
        var all = new LinkedHashMap<>(fields);
        clientId.ifPresent(id -> all.put("client_id", id));
        var request =
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        all.entrySet().stream()
                                                .map(
                                                        field ->
                                                                field.getKey()
                                                                        + "="
                                                                        + OperationsApiCommand
                                                                                .encode(
                                                                                        field
                                                                                                .getValue()))
                                                .collect(Collectors.joining("&"))));
        if (clientId.isEmpty()) {
            var secret = DEVELOPMENT_CLIENT + ":" + DEVELOPMENT_SECRET;
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
        }
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.timeout(Duration.ofSeconds(30)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException _) {
            throw new CommandFailedException("cannot connect to the issuer " + issuer);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted");
        }
    }

    private JsonNode require(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new CommandFailedException(
                    "the issuer %s answered %d".formatted(issuer, answer.statusCode()));
        }
        return parse(answer);
    }

    private JsonNode parse(HttpResponse<String> answer) {
        try {
            return JsonMapper.shared().readTree(answer.body());
        } catch (JacksonException _) {
            throw new CommandFailedException(
                    "the server at %s is not an issuer (HTTP %d)"
                            .formatted(issuer, answer.statusCode()));
        }
    }
}
