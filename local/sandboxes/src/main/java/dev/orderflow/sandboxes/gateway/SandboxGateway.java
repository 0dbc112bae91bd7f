package dev.orderflow.sandboxes.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.orderflow.sandboxes.gateway.GatewayFaults.FaultMode;
import dev.orderflow.sandboxes.gateway.GatewayFaults.GatewayFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sandbox gateway, listening on loopback.
///
/// - `POST /v1/payment_intents`, `…/{id}/confirm`, `…/{id}/capture`, `…/{id}/cancel`,
/// `GET /v1/payment_intents/{id}`, `GET /v1/payment_intents/search`, `POST /v1/refunds`,
/// `GET /v1/refunds`, `GET /v1/events`: as Stripe, for API keys that start with `sk_test_`
/// - `GET /sandbox/ledger/{orderId}`: `{"charges":1,"net":"49.90",…}`, the number of successful
/// charges of an order, and the captured less the refunded amount
/// - `GET /sandbox/ledger`: totals, and the orders with more than one charge
/// - `PUT /sandbox/authorizations/{orderId}` `{"seconds":0}`: the authorisations of an order expire
/// after this time, as card networks let them expire after some days
/// - `PUT /sandbox/faults` `{"mode":"slow"}`: activates a fault; `times` limits it to a number of
/// requests, `on` to one operation; `delayMillis` is the delay of mode `slow` and `code` the error
/// code of mode `refused`. `GET` returns the active fault.
/// - `GET /sandbox/fault-modes` and `GET /sandbox/cards`: the modes and the test cards, each with
/// what it does, and each mode with an example to send
public final class SandboxGateway implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SandboxGateway.class);

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int MAX_KEY_LENGTH = 255;

    /// The default delay of a late response: longer than the time-out of payment-service.
    private static final Duration DEFAULT_DELAY = Duration.ofSeconds(8);

    private static final Duration MAX_DELAY = Duration.ofMinutes(2);

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ChargeLedger ledger = new ChargeLedger();
    private final StripeApi api = new StripeApi(ledger);
    private final IdempotencyKeys keys = new IdempotencyKeys();
    private final AtomicLong requests = new AtomicLong();
    private final GatewayFaults faults;

    private SandboxGateway(HttpServer server, Duration slowness) {
        this.server = server;
        this.faults = new GatewayFaults(slowness);
    }

    /// Starts a gateway.
    ///
    /// @param port the port to listen on, 0 for any free port
    public static SandboxGateway start(int port) {
        return start(port, DEFAULT_DELAY);
    }

    /// Starts a gateway that other machines can reach.
    ///
    /// @param host the name or address to listen on
    public static SandboxGateway start(String host, int port) {
        return start(new InetSocketAddress(host, port), DEFAULT_DELAY);
    }

    /// Starts a gateway.
    ///
    /// @param slowness the default delay of late responses
    public static SandboxGateway start(int port, Duration slowness) {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), slowness);
    }

    private static SandboxGateway start(InetSocketAddress address, Duration slowness) {
        try {
            var gateway = new SandboxGateway(HttpServer.create(address, 0), slowness);
            gateway.server.setExecutor(gateway.threads);
            gateway.server.createContext("/", gateway::serve);
            gateway.server.start();
            return gateway;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The base URL of the gateway.
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Stops at once; delayed responses are sent immediately.
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            if (path.startsWith("/v1/")) {
                serveStripeApi(exchange, path);
                return;
            }
            GatewayResponse reply;
            try {
                reply = sandbox(exchange, path);
            } catch (JacksonException _) {
                reply = GatewayResponse.problem(400, "the body is not JSON");
            } catch (IllegalArgumentException malformed) {
                reply = GatewayResponse.problem(400, String.valueOf(malformed.getMessage()));
            }
            reply.send(exchange);
        } catch (RuntimeException failure) {
            log.error("the sandbox gateway failed", failure);
            throw failure;
        }
    }

    // The API of Stripe

    /// How a request is answered.
    ///
    /// @param reply the response; null if the connection is closed without one
    /// @param replayed whether the response is the stored one of an earlier request
    /// @param delay the time before the response is sent
    private record GatewayOutcome(
            @Nullable GatewayResponse reply, boolean replayed, Duration delay) {

        static GatewayOutcome of(GatewayResponse reply) {
            return new GatewayOutcome(reply, false, Duration.ZERO);
        }

        static GatewayOutcome broken() {
            return new GatewayOutcome(null, false, Duration.ZERO);
        }
    }

    private void serveStripeApi(HttpExchange exchange, String path) throws IOException {
        GatewayOutcome outcome;
        try {
            outcome = handle(exchange, path);
        } catch (StripeError error) {
            outcome = GatewayOutcome.of(error.reply());
        }
        pause(outcome.delay());
        if (outcome.reply() == null) {
            return;
        }
        var headers = exchange.getResponseHeaders();
        headers.set("Request-Id", "req_sandbox_" + requests.incrementAndGet());
        if (outcome.replayed()) {
            headers.set("Idempotent-Replayed", "true");
        }
        outcome.reply().send(exchange);
    }

    private GatewayOutcome handle(HttpExchange exchange, String path) throws IOException {
        requireKey(exchange.getRequestHeaders().getFirst("Authorization"));
        var method = exchange.getRequestMethod();
        var form = FormParameters.parse(form(exchange, method));
        var understood = api.parse(method, path, form);
        var fault = faults.next(understood.step());
        var request = method + " " + path + " " + form;
        return switch (fault.mode()) {
            case down ->
                    throw StripeError.ours(503, "The sandbox gateway is unavailable (fault down).");
            case throttle429 -> throw StripeError.rateLimit();
            case reset -> GatewayOutcome.broken();
            case error500 ->
                    executeOnce(
                            exchange,
                            method,
                            request,
                            fault,
                            () -> {
                                throw StripeError.ours(500, "Something went wrong on our end.");
                            });
            case refused ->
                    executeOnce(
                            exchange,
                            method,
                            request,
                            fault,
                            () -> {
                                throw StripeError.invalid(
                                        fault.code(), null, "Refused (fault refused).");
                            });
            case none, slow, answerLost ->
                    executeOnce(exchange, method, request, fault, understood.act());
        };
    }

    /// Executes a request, unless a response is stored for its idempotency key.
    private GatewayOutcome executeOnce(
            HttpExchange exchange,
            String method,
            String request,
            GatewayFault fault,
            StripeApi.RequestAction act) {
        var key = idempotencyKey(exchange, method);
        if (key.isPresent()) {
            var earlier = keys.take(key.get(), request);
            if (earlier.isPresent()) {
                return applyDelay(
                        new GatewayOutcome(earlier.get(), true, Duration.ZERO), fault, null);
            }
        }
        StripeApi.ActionResult done;
        try {
            done = act.execute();
        } catch (StripeError error) {
            done = new StripeApi.ActionResult(error.reply(), null);
        } catch (RuntimeException failure) {
            key.ifPresent(keys::forget);
            throw failure;
        }
        var outcome = applyDelay(GatewayOutcome.of(done.reply()), fault, done.card());
        // Stored only after the delay: until then the key is in use, as at Stripe.
        pause(outcome.delay());
        var reply = done.reply();
        key.ifPresent(used -> keys.store(used, request, reply));
        return new GatewayOutcome(outcome.reply(), false, Duration.ZERO);
    }

    private GatewayOutcome applyDelay(
            GatewayOutcome outcome, GatewayFault fault, @Nullable TestCard card) {
        if (fault.mode() == FaultMode.answerLost || card == TestCard.ANSWER_LOST) {
            return GatewayOutcome.broken();
        }
        if (fault.mode() == FaultMode.slow) {
            return new GatewayOutcome(outcome.reply(), outcome.replayed(), fault.delay());
        }
        return card == TestCard.SLOW
                ? new GatewayOutcome(outcome.reply(), outcome.replayed(), faults.slowness())
                : outcome;
    }

    private void pause(Duration delay) {
        try {
            var unused = closed.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireKey(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            throw StripeError.unauthorized("You did not provide an API key.");
        }
        if (!authorization.startsWith("Bearer sk_test_")) {
            throw StripeError.unauthorized(
                    "The sandbox gateway accepts only keys that start with sk_test_.");
        }
    }

    private static Optional<String> idempotencyKey(HttpExchange exchange, String method) {
        var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null || !method.equals("POST")) {
            return Optional.empty();
        }
        if (key.isBlank() || key.length() > MAX_KEY_LENGTH) {
            throw StripeError.invalid(
                    null, null, "Idempotency keys have 1 to " + MAX_KEY_LENGTH + " characters.");
        }
        return Optional.of(key);
    }

    private static String form(HttpExchange exchange, String method) throws IOException {
        if (method.equals("GET")) {
            return Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        }
        var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw StripeError.invalid(null, null, "The body is too large.");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    // The sandbox itself

    private GatewayResponse sandbox(HttpExchange exchange, String path) throws IOException {
        var method = exchange.getRequestMethod();
        return switch (method + " " + path) {
            case "GET /sandbox/ledger" -> GatewayResponse.json(200, ledger.summary());
            case "GET /sandbox/faults" -> faults();
            case "GET /sandbox/fault-modes" -> faultModes();
            case "GET /sandbox/cards" -> cards();
            case "PUT /sandbox/faults" -> activateFault(exchange);
            case String request when request.startsWith("PUT /sandbox/authorizations/") ->
                    expireAuthorization(
                            exchange, path.substring("/sandbox/authorizations/".length()));
            case String request when request.startsWith("GET /sandbox/ledger/") ->
                    GatewayResponse.json(
                            200, ledger.ofOrder(path.substring("/sandbox/ledger/".length())));
            default ->
                    Set.of(
                                            "/sandbox/ledger",
                                            "/sandbox/faults",
                                            "/sandbox/fault-modes",
                                            "/sandbox/cards")
                                    .contains(path)
                            ? GatewayResponse.problem(405, method + " is not allowed for " + path)
                            : GatewayResponse.problem(404, path + " does not exist");
        };
    }

    private GatewayResponse expireAuthorization(HttpExchange exchange, String orderId)
            throws IOException {
        var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw new IllegalArgumentException("the body is too large");
        }
        var seconds =
                number(JSON.readTree(body), "seconds", 0, (int) Duration.ofDays(30).toSeconds());
        if (seconds == null) {
            throw new IllegalArgumentException("seconds is missing");
        }
        var end = Instant.now().plusSeconds(seconds);
        boolean authorized = false;
        for (var intent : ledger.intentsOf(orderId).toList()) {
            authorized |= intent.expireAuthorizationAt(end);
        }
        return authorized
                ? GatewayResponse.json(200, ledger.ofOrder(orderId))
                : GatewayResponse.problem(404, "this order has no authorisation");
    }

    private GatewayResponse activateFault(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw new IllegalArgumentException("the body is too large");
        }
        faults.activate(fault(JSON.readTree(body)));
        return faults();
    }

    private GatewayFault fault(JsonNode body) {
        if (!body.isObject()) {
            throw new IllegalArgumentException("the body must be an object");
        }
        for (var name : body.propertyNames()) {
            if (!Set.of("mode", "times", "on", "delayMillis", "code").contains(name)) {
                throw new IllegalArgumentException(
                        "the fields of a fault are mode, times, on, delayMillis and code");
            }
        }
        if (!body.path("mode").isString()) {
            throw new IllegalArgumentException("mode must be a string");
        }
        var mode = FaultMode.named(body.path("mode").stringValue());
        var on = body.get("on");
        if (on != null && !on.isString()) {
            throw new IllegalArgumentException("on must be a string");
        }
        var code = body.get("code");
        if ((mode == FaultMode.refused) != (code != null)
                || (code != null && !code.asString("").matches("[a-z_]{1,100}"))) {
            throw new IllegalArgumentException(
                    "code must be an error code of Stripe; it is required by mode refused and allowed for no other");
        }
        var times = number(body, "times", 1, 1_000_000);
        var delay = number(body, "delayMillis", 0, (int) MAX_DELAY.toMillis());
        return new GatewayFault(
                mode,
                times,
                on == null ? null : GatewayOperation.named(on.stringValue()),
                delay == null ? faults.slowness() : Duration.ofMillis(delay),
                code == null ? null : code.asString());
    }

    private static @Nullable Integer number(JsonNode body, String name, int min, int max) {
        var value = body.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
            throw new IllegalArgumentException(
                    "%s must be a whole number from %d to %d".formatted(name, min, max));
        }
        return value.intValue();
    }

    private static GatewayResponse cards() {
        return GatewayResponse.json(
                200,
                Map.of(
                        "cards",
                        Arrays.stream(TestCard.values())
                                .map(card -> Map.of("id", card.id(), "effect", card.effect()))
                                .toList()));
    }

    /// Each with an example that can be sent as it is. The one of `refused` is the refusal with
    /// which card networks end old authorisations.
    private static GatewayResponse faultModes() {
        return GatewayResponse.json(
                200,
                Map.of(
                        "modes",
                        Arrays.stream(FaultMode.values())
                                .map(
                                        mode ->
                                                Map.of(
                                                        "mode",
                                                        mode.name(),
                                                        "effect",
                                                        mode.effect(),
                                                        "example",
                                                        example(mode)))
                                .toList()));
    }

    private static Map<String, String> example(FaultMode mode) {
        return mode == FaultMode.refused
                ? Map.of(
                        "mode",
                        mode.name(),
                        "code",
                        "charge_expired_for_capture",
                        "on",
                        GatewayOperation.capture.name())
                : Map.of("mode", mode.name());
    }

    private GatewayResponse faults() {
        var fault = faults.current();
        var json = new LinkedHashMap<String, Object>();
        json.put("mode", fault.mode().name());
        json.put("delayMillis", fault.delay().toMillis());
        if (fault.left() != null) {
            json.put("times", fault.left());
        }
        if (fault.code() != null) {
            json.put("code", fault.code());
        }
        if (fault.on() != null) {
            json.put("on", fault.on().name());
        }
        return GatewayResponse.json(200, Map.copyOf(json));
    }
}
