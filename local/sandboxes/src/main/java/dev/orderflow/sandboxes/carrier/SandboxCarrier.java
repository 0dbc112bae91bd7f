package dev.orderflow.sandboxes.carrier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sandbox carrier, listening on loopback.
///
/// - `POST /bookings` with an `Idempotency-Key` answers 201 `{"trackingNumber":…}`, the same one
///   for the same key; 422 for country `AQ` and after a withdrawal; 503 while unavailable.
/// - `DELETE /bookings/{key}` prevents a booking whose request may still arrive: 200, and a later
///   booking with the key is refused; 409 `{"trackingNumber":…}` if the parcel is already booked;
///   503 while unavailable.
/// - `PUT /sandbox/availability` with `{"available":false}` makes the carrier unavailable until
///   `{"available":true}`.
/// - `GET /sandbox/bookings` and `GET /sandbox/bookings/{orderId}` return the ledger.
public final class SandboxCarrier implements AutoCloseable {

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int MAX_KEY_LENGTH = 255;
    private static final String UNDELIVERABLE_COUNTRY = "AQ";

    /// [UUID#fromString] also accepts `1-1-1-1-1`.
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BookingLedger ledger = new BookingLedger();
    private volatile boolean available = true;

    private SandboxCarrier(HttpServer server) {
        this.server = server;
    }

    /// Starts a carrier.
    ///
    /// @param port the port to listen on, 0 for any free port
    public static SandboxCarrier start(int port) {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /// Starts a carrier that other machines can reach.
    ///
    /// @param host the name or address to listen on
    public static SandboxCarrier start(String host, int port) {
        return start(new InetSocketAddress(host, port));
    }

    private static SandboxCarrier start(InetSocketAddress address) {
        try {
            var carrier = new SandboxCarrier(HttpServer.create(address, 0));
            carrier.server.setExecutor(carrier.threads);
            carrier.server.createContext("/", carrier::serve);
            carrier.server.start();
            return carrier;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The base URL of the carrier.
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            CarrierResponse reply;
            try {
                reply = route(exchange);
            } catch (JacksonException _) {
                reply = CarrierResponse.problem(400, "the body is not JSON");
            } catch (IllegalArgumentException malformed) {
                reply = CarrierResponse.problem(400, String.valueOf(malformed.getMessage()));
            }
            reply.send(exchange);
        }
    }

    private CarrierResponse route(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var method = exchange.getRequestMethod();
        return switch (method + " " + path) {
            case "POST /bookings" -> book(exchange);
            case String request when request.startsWith("DELETE /bookings/") ->
                    withdraw(path.substring("/bookings/".length()));
            case "PUT /sandbox/availability" -> setAvailability(exchange);
            case "GET /sandbox/availability" ->
                    CarrierResponse.json(200, Map.of("available", available));
            case "GET /sandbox/bookings" -> ledger(ledger.all());
            case String request when request.startsWith("GET /sandbox/bookings/") -> {
                var orderId = uuid(path.substring("/sandbox/bookings/".length()), "order id");
                yield ledger(
                        ledger.all().stream()
                                .filter(booking -> booking.orderId().equals(orderId))
                                .toList());
            }
            default ->
                    List.of("/bookings", "/sandbox/availability", "/sandbox/bookings")
                                    .contains(path)
                            ? CarrierResponse.problem(405, method + " is not allowed for " + path)
                            : CarrierResponse.problem(404, path + " does not exist");
        };
    }

    private CarrierResponse book(HttpExchange exchange) throws IOException {
        var body = body(exchange);
        if (!available) {
            return CarrierResponse.problem(503, "the carrier is unavailable");
        }
        var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null || key.isBlank() || key.length() > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "Idempotency-Key must have 1 to " + MAX_KEY_LENGTH + " characters");
        }
        var request = JSON.readTree(body);
        var orderId = uuid(text(request, "orderId"), "orderId");
        text(request, "recipient");
        var address = request.path("address");
        for (var part : List.of("street", "city", "country")) {
            text(address, part);
        }
        if (address.has("postalCode")) {
            text(address, "postalCode");
        }
        if (!request.path("lines").isArray() || request.path("lines").isEmpty()) {
            throw new IllegalArgumentException("lines must be a list with at least one line");
        }
        if (text(address, "country").equals(UNDELIVERABLE_COUNTRY)) {
            return CarrierResponse.problem(422, "no delivery to country " + UNDELIVERABLE_COUNTRY);
        }
        return switch (ledger.book(key, orderId, BookingRequestFingerprint.of(request))) {
            case BookingLedger.BookingResult.BookingMade(var booking) ->
                    CarrierResponse.json(201, Map.of("trackingNumber", booking.trackingNumber()));
            case BookingLedger.BookingResult.AlreadyWithdrawn _ ->
                    CarrierResponse.problem(422, "the booking was withdrawn");
            case BookingLedger.BookingResult.KeyReused _ ->
                    CarrierResponse.problem(409, "the key was used for another parcel");
        };
    }

    private CarrierResponse withdraw(String key) {
        if (!available) {
            return CarrierResponse.problem(503, "the carrier is unavailable");
        }
        if (key.isBlank() || key.length() > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "the key must have 1 to " + MAX_KEY_LENGTH + " characters");
        }
        return ledger.withdraw(key)
                .map(
                        made ->
                                CarrierResponse.json(
                                        409, Map.of("trackingNumber", made.trackingNumber())))
                .orElseGet(() -> CarrierResponse.json(200, Map.of("withdrawn", true)));
    }

    private CarrierResponse setAvailability(HttpExchange exchange) throws IOException {
        var requested = JSON.readTree(body(exchange)).path("available");
        if (!requested.isBoolean()) {
            throw new IllegalArgumentException("available must be true or false");
        }
        available = requested.booleanValue();
        return CarrierResponse.json(200, Map.of("available", available));
    }

    private static CarrierResponse ledger(List<BookingLedger.SandboxBooking> bookings) {
        return CarrierResponse.json(200, Map.of("count", bookings.size(), "bookings", bookings));
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "the body must have at most " + MAX_BODY_BYTES + " bytes");
        }
        return body;
    }

    private static String text(JsonNode node, String field) {
        var value = node.path(field);
        if (!value.isString() || value.stringValue().isBlank()) {
            throw new IllegalArgumentException(field + " must be a string that is not blank");
        }
        return value.stringValue();
    }

    private static UUID uuid(String text, String what) {
        if (!UUID_FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(what + " must be a UUID");
        }
        return UUID.fromString(text);
    }
}
