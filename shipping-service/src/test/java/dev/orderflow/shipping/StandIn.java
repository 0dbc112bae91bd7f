package dev.orderflow.shipping;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An HTTP server in place of a neighbour: it remembers what it heard and answers as the test says.
final class StandIn {

    /// @param target the operation, where the protocol puts it into the header `X-Amz-Target`
    record Heard(String path, @Nullable String key, @Nullable String target, String body) {}

    record Answer(int status, String body) {}

    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final String url;
    private volatile Function<Heard, Answer> behaviour;

    StandIn(Function<Heard, Answer> behaviour) {
        this.behaviour = behaviour;
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::serve);
            server.start();
            url = "http://127.0.0.1:" + server.getAddress().getPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String url() {
        return url;
    }

    void behave(Function<Heard, Answer> other) {
        behaviour = other;
    }

    List<Heard> heard(Predicate<Heard> which) {
        return heard.stream().filter(which).toList();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            var request =
                    new Heard(
                            exchange.getRequestURI().getPath(),
                            headers.getFirst("Idempotency-Key"),
                            headers.getFirst("X-Amz-Target"),
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8));
            heard.add(request);
            var answer = behaviour.apply(request);
            if (answer.status() == 0) {
                return; // Closed without an answer.
            }
            var body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
