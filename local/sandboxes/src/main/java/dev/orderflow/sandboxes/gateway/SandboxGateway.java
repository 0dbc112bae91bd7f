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
///   `GET /v1/payment_intents/{id}`, `GET /v1/payment_intents/search`, `POST /v1/refunds`,
///   `GET /v1/refunds`, `GET /v1/events`: as Stripe, for API keys that start with `sk_test_`
/// - `GET /sandbox/ledger/{orderId}`: `{"charges":1,"net":"49.90",…}`, the charges that went
///   through and the money that was kept
/// - `GET /sandbox/ledger`: totals, and the orders that were charged more than once
/// - `PUT /sandbox/holds/{orderId}` `{"seconds":0}`: what is held for an order is let go after so
///   many seconds, as a card network lets go after some days
/// - `PUT /sandbox/faults` `{"mode":"slow"}`: what goes wrong from now on; for `times` requests,
///   `on` one step only, late by `delayMillis`, refused with `code`. `GET` tells.
public final class SandboxGateway implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SandboxGateway.class);

    private static final int LARGEST_BODY = 64 * 1024;
    private static final int LONGEST_KEY = 255;

    /// Longer than payment-service waits for an answer.
    private static final Duration SLOWNESS = Duration.ofSeconds(8);

    private static final Duration SLOWEST = Duration.ofMinutes(2);

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
    /// @param port where to listen, 0 for any that is free
    public static SandboxGateway start(int port) {
        return start(port, SLOWNESS);
    }

    /// Starts a gateway that others on the network reach.
    ///
    /// @param host the name or address to listen on
    public static SandboxGateway start(String host, int port) {
        return start(new InetSocketAddress(host, port), SLOWNESS);
    }

    /// Starts a gateway.
    ///
    /// @param slowness how late an answer is that comes late
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
        } catch (IOException portTaken) {
            throw new UncheckedIOException(portTaken);
        }
    }

    /// Where it listens.
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Stops at once: an answer that would come late is sent now.
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
            } catch (JacksonException notJson) {
                reply = GatewayResponse.problem(400, "the body is not JSON");
            } catch (IllegalArgumentException malformed) {
                reply = GatewayResponse.problem(400, String.valueOf(malformed.getMessage()));
            }
            reply.send(exchange);
        } catch (RuntimeException mistake) {
            log.error("the sandbox gateway failed", mistake);
            throw mistake;
        }
    }

    // As Stripe

    /// What becomes of a request.
    ///
    /// @param reply none when the connection is to break instead
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
            case down -> throw StripeError.ours(503, "The sandbox gateway is switched off.");
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
                                        fault.code(), null, "Refused, as the fault says.");
                            });
            case none, slow, answerLost ->
                    executeOnce(exchange, method, request, fault, understood.act());
        };
    }

    /// Does a request, unless its key says that it was done before.
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
        } catch (RuntimeException mistake) {
            key.ifPresent(keys::forget);
            throw mistake;
        }
        var outcome = applyDelay(GatewayOutcome.of(done.reply()), fault, done.card());
        // Not stored before a late answer is due: until then the key is in use.
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
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireKey(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            throw StripeError.unauthorized("You did not provide an API key.");
        }
        if (!authorization.startsWith("Bearer sk_test_")) {
            throw StripeError.unauthorized(
                    "The sandbox gateway takes keys that start with sk_test_ only.");
        }
    }

    private static Optional<String> idempotencyKey(HttpExchange exchange, String method) {
        var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null || !method.equals("POST")) {
            return Optional.empty();
        }
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw StripeError.invalid(
                    null, null, "Idempotency keys have 1 to " + LONGEST_KEY + " characters.");
        }
        return Optional.of(key);
    }

    private static String form(HttpExchange exchange, String method) throws IOException {
        if (method.equals("GET")) {
            return Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        }
        var body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
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
            case "PUT /sandbox/faults" -> activateFault(exchange);
            case String request when request.startsWith("PUT /sandbox/holds/") ->
                    expireAuthorization(exchange, path.substring("/sandbox/holds/".length()));
            case String request when request.startsWith("GET /sandbox/ledger/") ->
                    GatewayResponse.json(
                            200, ledger.ofOrder(path.substring("/sandbox/ledger/".length())));
            default ->
                    Set.of("/sandbox/ledger", "/sandbox/faults").contains(path)
                            ? GatewayResponse.problem(405, method + " is not for " + path)
                            : GatewayResponse.problem(404, "nothing is here");
        };
    }

    private GatewayResponse expireAuthorization(HttpExchange exchange, String orderId)
            throws IOException {
        var body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new IllegalArgumentException("the body is too large");
        }
        var seconds =
                number(JSON.readTree(body), "seconds", 0, (int) Duration.ofDays(30).toSeconds());
        if (seconds == null) {
            throw new IllegalArgumentException("seconds must be there");
        }
        var end = Instant.now().plusSeconds(seconds);
        boolean held = false;
        for (var intent : ledger.intentsOf(orderId).toList()) {
            held |= intent.expireAuthorizationAt(end);
        }
        return held
                ? GatewayResponse.json(200, ledger.ofOrder(orderId))
                : GatewayResponse.problem(404, "nothing is held for this order");
    }

    private GatewayResponse activateFault(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new IllegalArgumentException("the body is too large");
        }
        faults.activate(fault(JSON.readTree(body)));
        return faults();
    }

    private GatewayFault fault(JsonNode wanted) {
        if (!wanted.isObject()) {
            throw new IllegalArgumentException("the body must be an object");
        }
        for (var name : wanted.propertyNames()) {
            if (!Set.of("mode", "times", "on", "delayMillis", "code").contains(name)) {
                throw new IllegalArgumentException(
                        "only mode, times, on, delayMillis and code are known");
            }
        }
        if (!wanted.path("mode").isString()) {
            throw new IllegalArgumentException("mode must be a text");
        }
        var mode = FaultMode.named(wanted.path("mode").stringValue());
        var on = wanted.get("on");
        if (on != null && !on.isString()) {
            throw new IllegalArgumentException("on must be a text");
        }
        var code = wanted.get("code");
        if ((mode == FaultMode.refused) != (code != null)
                || (code != null && !code.asString("").matches("[a-z_]{1,100}"))) {
            throw new IllegalArgumentException(
                    "code must be one of Stripe's error codes, and goes with mode refused");
        }
        var times = number(wanted, "times", 1, 1_000_000);
        var delay = number(wanted, "delayMillis", 0, (int) SLOWEST.toMillis());
        return new GatewayFault(
                mode,
                times,
                on == null ? null : GatewayOperation.named(on.stringValue()),
                delay == null ? faults.slowness() : Duration.ofMillis(delay),
                code == null ? null : code.asString());
    }

    private static @Nullable Integer number(JsonNode wanted, String name, int least, int most) {
        var value = wanted.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            throw new IllegalArgumentException(
                    "%s must be a whole number from %d to %d".formatted(name, least, most));
        }
        return value.intValue();
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
