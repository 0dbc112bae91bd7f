package dev.orderflow.inventory;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Answers as order-service does when it is asked how an order stands.
public final class OrderServiceStub {

    private static final Map<UUID, String> STATES = new ConcurrentHashMap<>();
    private static final Map<UUID, Integer> QUESTIONS = new ConcurrentHashMap<>();
    private static final HttpServer SERVER = start();

    private OrderServiceStub() {}

    static URI url() {
        return URI.create("http://localhost:" + SERVER.getAddress().getPort());
    }

    /// From now on this order is in this state; `BROKEN` makes the answer a 500, `GARBLED` no JSON.
    public static void says(UUID order, String state) {
        STATES.put(order, state);
    }

    public static int questionsAbout(UUID order) {
        return QUESTIONS.getOrDefault(order, 0);
    }

    private static HttpServer start() {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/internal/orders/", OrderServiceStub::answer);
            server.start();
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var order = UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
        QUESTIONS.merge(order, 1, Integer::sum);
        var state = STATES.get(order);
        var authorised =
                InventoryServiceFixture.API_KEY.equals(
                        exchange.getRequestHeaders().getFirst("X-Api-Key"));
        int status = !authorised ? 403 : state == null ? 404 : state.equals("BROKEN") ? 500 : 200;
        var body =
                "GARBLED".equals(state)
                        ? "<html>"
                        : "{\"orderId\":\"%s\",\"state\":\"%s\",\"version\":3,\"more\":true}"
                                .formatted(order, state);
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
