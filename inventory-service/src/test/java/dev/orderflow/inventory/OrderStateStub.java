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

/// Responds to requests for an order as order-service does.
public final class OrderStateStub {

    private static final Map<UUID, String> STATES = new ConcurrentHashMap<>();
    private static final Map<UUID, Integer> REQUESTS = new ConcurrentHashMap<>();
    private static final HttpServer SERVER = start();

    private OrderStateStub() {}

    static URI url() {
        return URI.create("http://localhost:" + SERVER.getAddress().getPort());
    }

    /// Sets the state of an order. With `BROKEN` the response is a 500, with `GARBLED` it is not
    /// JSON.
    public static void setState(UUID order, String state) {
        STATES.put(order, state);
    }

    public static int countRequests(UUID order) {
        return REQUESTS.getOrDefault(order, 0);
    }

    private static HttpServer start() {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/internal/orders/", OrderStateStub::respond);
            server.start();
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void respond(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var order = UUID.fromString(path.substring(path.lastIndexOf('/') + 1));
        REQUESTS.merge(order, 1, Integer::sum);
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
