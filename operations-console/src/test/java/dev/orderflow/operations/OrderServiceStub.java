package dev.orderflow.operations;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Answers as order-service does, with the states a test gives, and as shipping-service does, with
/// the shipments a test gives.
public final class OrderServiceStub
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final Map<String, String> STATES = new ConcurrentHashMap<>();
    private static final Set<String> SHIPMENTS = ConcurrentHashMap.newKeySet();
    private static volatile boolean away;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of(
                        "orderflow.operations.order-url=" + OrderServiceStubServer.URL,
                        "orderflow.operations.shipping-url=" + OrderServiceStubServer.URL)
                .applyTo(context);
    }

    public static void put(Object order, String state) {
        STATES.put(order.toString(), state);
    }

    /// From now on shipping-service knows a shipment of the order.
    public static void shipment(Object order) {
        SHIPMENTS.add(order.toString());
    }

    public static void away(boolean now) {
        away = now;
    }

    private static final class OrderServiceStubServer {

        static final String URL = start();

        private static String start() {
            try {
                var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                var server = HttpServer.create(address, 0);
                server.createContext(
                        "/internal/orders/",
                        exchange -> {
                            var path = exchange.getRequestURI().getPath();
                            var id = path.substring(path.lastIndexOf('/') + 1);
                            var state = STATES.get(id);
                            int status = away ? 503 : state == null ? 404 : 200;
                            var body =
                                    state == null
                                            ? "{\"type\":\"https://orderflow.dev/problems/unknown-order\"}"
                                            : "{\"orderId\":\"%s\",\"state\":\"%s\",\"needsAttention\":false,\"more\":1}"
                                                    .formatted(id, state);
                            var bytes = body.getBytes(StandardCharsets.UTF_8);
                            exchange.getResponseHeaders().set("Content-Type", "application/json");
                            exchange.sendResponseHeaders(status, bytes.length);
                            exchange.getResponseBody().write(bytes);
                            exchange.close();
                        });
                server.createContext(
                        "/internal/shipments/status-batch",
                        exchange -> {
                            var asked =
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8);
                            var known =
                                    SHIPMENTS.stream()
                                            .filter(asked::contains)
                                            .map(
                                                    id ->
                                                            "{\"orderId\":\"%s\",\"status\":\"WAITING\"}"
                                                                    .formatted(id))
                                            .collect(Collectors.joining(","));
                            var bytes =
                                    "{\"shipments\":[%s]}"
                                            .formatted(known)
                                            .getBytes(StandardCharsets.UTF_8);
                            exchange.getResponseHeaders().set("Content-Type", "application/json");
                            exchange.sendResponseHeaders(200, bytes.length);
                            exchange.getResponseBody().write(bytes);
                            exchange.close();
                        });
                server.createContext(
                        "/internal/customers/",
                        exchange -> {
                            var body =
                                    exchange.getRequestMethod().equals("DELETE")
                                            ? "{\"erasedOrders\":2,\"erasedFingerprints\":1,\"markedOrders\":1,\"markedOrderIds\":[\"o1\"]}"
                                            : "{\"finalOrders\":2,\"openOrders\":1,\"openOrderIds\":[\"o1\"],\"markedOrders\":0,\"erasedOrders\":4}";
                            var bytes = body.getBytes(StandardCharsets.UTF_8);
                            exchange.getResponseHeaders().set("Content-Type", "application/json");
                            exchange.sendResponseHeaders(away ? 503 : 200, bytes.length);
                            exchange.getResponseBody().write(bytes);
                            exchange.close();
                        });
                server.start();
                return "http://127.0.0.1:" + server.getAddress().getPort();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
