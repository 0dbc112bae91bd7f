package dev.orderflow.notification;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;

/// An HTTP server in place of a neighbour: it remembers what it heard and answers as the test says.
final class StandIn {

    /// @param form what the query protocol of SNS and SES sends
    record Heard(String path, Map<String, String> form) {

        String action() {
            return form.getOrDefault("Action", "");
        }

        boolean mentions(Object text) {
            return path.contains(text.toString())
                    || form.values().stream().anyMatch(value -> value.contains(text.toString()));
        }
    }

    /// @param status 0 to close without an answer
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
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var request = new Heard(exchange.getRequestURI().getPath(), form(body));
            heard.add(request);
            var answer = behaviour.apply(request);
            if (answer.status() == 0) {
                return;
            }
            var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Map<String, String> form(String body) {
        var form = new HashMap<String, String>();
        for (var pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }
}
