package dev.orderflow.operations.auditor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/// The five services the auditor asks, saying what a test has them say.
final class ServiceStubs implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final String TOTAL = "{\"amount\":\"49.90\",\"currency\":\"EUR\"}";

    /// What is said about an order.
    static final class StubbedState {
        final UUID id = UUID.randomUUID();
        String state = "PENDING";
        String payment = "";
        List<String> charges = new ArrayList<>();
        String reservation = "";
        String shipment = "";
        List<String> mails = new ArrayList<>();

        String order() {
            return "{\"orderId\":\"%s\",\"state\":\"%s\",\"total\":%s,\"version\":1,\"changedAt\":\"2026-11-02T09:15:30Z\"}"
                    .formatted(id, state, TOTAL);
        }

        String with(String fields) {
            return "{\"orderId\":\"%s\",%s}".formatted(id, fields);
        }
    }

    private static final Map<UUID, StubbedState> ORDERS = new ConcurrentHashMap<>();
    private static final Map<String, String> BOOKS = new ConcurrentHashMap<>();
    private static final List<UUID> CHANGES = new ArrayList<>();
    private static final List<UUID> AT_GATEWAY = new ArrayList<>();
    private static final String GONE = "gone";
    private static final String NOT_FOUND = "/problems/order-not-found";
    private static volatile String silent = "";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of(
                        Stream.of("order", "inventory", "payment", "shipping", "notification")
                                .map(
                                        name ->
                                                "orderflow.operations.%s-url=%s"
                                                        .formatted(name, ServiceStubsServer.URL)))
                .applyTo(context);
    }

    static synchronized void forget() {
        ORDERS.clear();
        BOOKS.clear();
        CHANGES.clear();
        AT_GATEWAY.clear();
        silent = "";
    }

    /// Tells of a change of an order.
    static synchronized void changed(StubbedState order) {
        ORDERS.put(order.id, order);
        CHANGES.add(order.id);
    }

    /// Somebody gave back or cancelled at the gateway.
    static synchronized void changedAtGateway(UUID order) {
        AT_GATEWAY.add(order);
    }

    static void book(String sku, long onHand, long reserved, long ledger, long held) {
        BOOKS.put(
                sku,
                "{\"sku\":\"%s\",\"onHand\":%d,\"reserved\":%d,\"ledgerOnHand\":%d,\"ledgerReserved\":%d,\"heldForOrders\":%d,\"consistent\":true}"
                        .formatted(sku, onHand, reserved, ledger, reserved, held));
    }

    /// Whoever's paths begin so answers 503.
    static void silence(String path) {
        silent = path;
    }

    private static synchronized String answer(String path, String query, String body) {
        if (path.equals("/internal/orders/changes")) {
            var asked = new LinkedHashMap<String, String>();
            for (var pair : query.split("&")) {
                asked.put(
                        pair.substring(0, pair.indexOf('=')),
                        pair.substring(pair.indexOf('=') + 1));
            }
            int from = Integer.parseInt(asked.getOrDefault("after", "0"));
            int to = Math.min(CHANGES.size(), from + Integer.parseInt(asked.get("limit")));
            return "{\"changes\":[%s],\"next\":\"%d\"}"
                    .formatted(
                            join(
                                    CHANGES.subList(from, to).stream()
                                            .map(id -> ORDERS.get(id).order())),
                            to);
        }
        if (path.equals("/internal/payments/gateway-changes")) {
            var after = query.replaceFirst(".*after=|^limit=\\d+$", "");
            if (after.equals("forgotten")) {
                return GONE;
            }
            int from = after.isEmpty() ? 0 : Integer.parseInt(after);
            int to = Math.min(AT_GATEWAY.size(), from + 1);
            return "{\"orderIds\":[%s],\"next\":\"%d\",\"complete\":%b}"
                    .formatted(
                            join(AT_GATEWAY.subList(from, to).stream().map(id -> "\"" + id + "\"")),
                            to,
                            to == AT_GATEWAY.size());
        }
        if (path.equals("/internal/stock/audit")) {
            return "{\"articles\":[" + join(BOOKS.values().stream()) + "]}";
        }
        if (path.startsWith("/internal/orders/")) {
            var order = ORDERS.get(UUID.fromString(path.substring("/internal/orders/".length())));
            return order == null ? NOT_FOUND : order.order();
        }
        var orders =
                JsonMapper.shared()
                        .readTree(body)
                        .path("orderIds")
                        .valueStream()
                        .map(id -> ORDERS.get(UUID.fromString(id.stringValue())))
                        .toList();
        return switch (path) {
            case "/internal/payments/status-batch" ->
                    "{\"payments\":[%s],\"charges\":[%s]}"
                            .formatted(
                                    join(
                                            orders.stream()
                                                    .filter(order -> !order.payment.isEmpty())
                                                    .map(order -> order.with(order.payment))),
                                    join(
                                            orders.stream()
                                                    .flatMap(
                                                            order ->
                                                                    order.charges.stream()
                                                                            .map(order::with))));
            case "/internal/reservations/status-batch" ->
                    "{\"reservations\":[%s]}"
                            .formatted(
                                    join(
                                            orders.stream()
                                                    .filter(order -> !order.reservation.isEmpty())
                                                    .map(
                                                            order ->
                                                                    order.with(
                                                                            status(
                                                                                    order.reservation)))));
            case "/internal/shipments/status-batch" ->
                    "{\"shipments\":[%s]}"
                            .formatted(
                                    join(
                                            orders.stream()
                                                    .filter(order -> !order.shipment.isEmpty())
                                                    .map(
                                                            order ->
                                                                    order.with(
                                                                            status(
                                                                                    order.shipment)))));
            case "/internal/notifications/status-batch" ->
                    "{\"emails\":[%s]}"
                            .formatted(
                                    join(
                                            orders.stream()
                                                    .flatMap(
                                                            order ->
                                                                    order.mails.stream()
                                                                            .map(order::with))));
            default -> "";
        };
    }

    private static String status(String status) {
        return "\"status\":\"" + status + "\"";
    }

    private static String join(Stream<String> parts) {
        return String.join(",", parts.toList());
    }

    private static void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var uri = exchange.getRequestURI();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var answer =
                    !silent.isEmpty() && uri.getPath().startsWith(silent)
                            ? ""
                            : answer(uri.getPath(), String.valueOf(uri.getQuery()), body);
            var bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            int status =
                    switch (answer) {
                        case "" -> 503;
                        case NOT_FOUND -> 404;
                        case GONE -> 410;
                        default -> 200;
                    };
            exchange.sendResponseHeaders(status, Math.max(bytes.length, 1));
            exchange.getResponseBody().write(bytes.length == 0 ? new byte[1] : bytes);
        }
    }

    private static final class ServiceStubsServer {

        static final String URL = start();

        private static String start() {
            try {
                var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                var server = HttpServer.create(address, 0);
                server.createContext("/", ServiceStubs::serve);
                server.start();
                return "http://127.0.0.1:" + server.getAddress().getPort();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
