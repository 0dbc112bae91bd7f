package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/// A proxy between services and a system that they call, into which a test injects faults. A fault
/// applies to the calls that contain all of its words in the request line, `X-Amz-Target` or the
/// body.
final class RequestInterceptor implements AutoCloseable {

    private static final Set<String> NOT_PASSED_ON =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "http2-settings",
                    "transfer-encoding",
                    "upgrade");

    /// Longer than the time-out of every caller, long polls included.
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(70);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<CallInterception> troubles = new CopyOnWriteArrayList<>();
    private final Set<InterceptedCall> underWay = ConcurrentHashMap.newKeySet();
    private volatile URI otherSide = URI.create("http://127.0.0.1");

    RequestInterceptor() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void forwardTo(URI otherSide) {
        this.otherSide = otherSide;
    }

    /// A fault that is active until it is closed.
    final class CallInterception implements AutoCloseable {

        private final InterceptionMode way;
        private final List<String> words;
        private final CountDownLatch over = new CountDownLatch(1);

        private CallInterception(InterceptionMode way, String... words) {
            this.way = way;
            this.words = List.of(words);
            troubles.add(this);
        }

        private boolean matches(InterceptedCall call) {
            return words.stream().allMatch(call.text()::contains);
        }

        @Override
        public void close() {
            troubles.remove(this);
            over.countDown();
        }
    }

    /// The effect of a fault on a call.
    private sealed interface InterceptionMode {

        /// It gets no response while the fault is active; then the connection is closed.
        record ConnectionClosed() implements InterceptionMode {}

        /// It is not forwarded.
        record RefusedResponse(int status, String answer) implements InterceptionMode {}

        /// It is forwarded, and the connection is closed without the response.
        record ResponseLost() implements InterceptionMode {}

        /// It is forwarded, and another response is returned.
        record ResponseRewritten(UnaryOperator<String> answer) implements InterceptionMode {}
    }

    /// Blocks all calls, and waits for those that are already forwarded.
    CallInterception closeConnectionsOf(String... words) {
        var trouble = new CallInterception(new InterceptionMode.ConnectionClosed(), words);
        await("what had crossed before to be answered")
                .until(() -> underWay.stream().noneMatch(trouble::matches));
        return trouble;
    }

    /// Answers in place of the called system.
    CallInterception refuse(int status, String answer, String... words) {
        return new CallInterception(new InterceptionMode.RefusedResponse(status, answer), words);
    }

    CallInterception loseResponses(String... words) {
        return new CallInterception(new InterceptionMode.ResponseLost(), words);
    }

    /// Replaces the response of the called system.
    CallInterception rewriteResponses(UnaryOperator<String> answer, String... words) {
        return new CallInterception(new InterceptionMode.ResponseRewritten(answer), words);
    }

    /// A class, because two faults with equal values are different faults.
    private static final class InterceptedCall {

        private final String text;
        private final byte[] body;

        InterceptedCall(HttpExchange exchange) throws IOException {
            body = exchange.getRequestBody().readAllBytes();
            text =
                    exchange.getRequestMethod()
                            + " "
                            + exchange.getRequestURI()
                            + " "
                            + exchange.getRequestHeaders().getFirst("X-Amz-Target")
                            + " "
                            + new String(body, StandardCharsets.UTF_8);
        }

        String text() {
            return text;
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        // Closing an exchange without a response closes the connection.
        try (exchange) {
            var call = new InterceptedCall(exchange);
            underWay.add(call);
            try {
                cross(exchange, call);
            } finally {
                underWay.remove(call);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void cross(HttpExchange exchange, InterceptedCall call)
            throws IOException, InterruptedException {
        var trouble = troubles.stream().filter(each -> each.matches(call)).findFirst();
        if (trouble.isEmpty()) {
            var answer = pass(exchange, call);
            answer.headers()
                    .map()
                    .forEach(
                            (name, values) -> {
                                if (isPassedOn(name)) {
                                    exchange.getResponseHeaders().put(name, values);
                                }
                            });
            reply(exchange, answer.statusCode(), answer.body());
            return;
        }
        switch (trouble.get().way) {
            case InterceptionMode.ConnectionClosed _ -> {
                underWay.remove(call);
                trouble.get().over.await();
            }
            case InterceptionMode.RefusedResponse(int status, var answer) ->
                    reply(exchange, status, answer);
            case InterceptionMode.ResponseLost _ -> pass(exchange, call);
            case InterceptionMode.ResponseRewritten(var rewritten) -> {
                var answer = pass(exchange, call);
                var text = new String(answer.body(), StandardCharsets.UTF_8);
                reply(exchange, answer.statusCode(), rewritten.apply(text));
            }
        }
    }

    private HttpResponse<byte[]> pass(HttpExchange exchange, InterceptedCall call)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(otherSide + exchange.getRequestURI().toString()))
                        .timeout(LONGEST_ANSWER)
                        .method(
                                exchange.getRequestMethod(),
                                call.body.length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(call.body));
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) -> {
                            if (isPassedOn(name)) {
                                values.forEach(value -> request.header(name, value));
                            }
                        });
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static boolean isPassedOn(String header) {
        return !NOT_PASSED_ON.contains(header.toLowerCase(Locale.ROOT));
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        reply(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        List.copyOf(troubles).forEach(CallInterception::close);
        server.stop(0);
        threads.shutdownNow();
        http.shutdownNow();
    }
}
