package dev.orderflow.crashtests;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An HTTP proxy between one caller and one callee that injects faults.
final class FaultProxy implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FaultProxy.class);
    private static final Set<String> NOT_FORWARDED =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "http2-settings",
                    "keep-alive",
                    "transfer-encoding",
                    "upgrade");

    /// Longer than any client time-out, including long polls.
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(70);

    /// How long the callee processes the call before it is killed.
    private static final Duration PROCESSING_TIME = Duration.ofMillis(15);

    /// The target of a call.
    ///
    /// @param url the URL
    /// @param process the process of the callee, if it is a service
    record ProxyTarget(URI url, Optional<ServiceProcess> process) {}

    private final String caller;
    private final String callee;
    private final Optional<ServiceProcess> calling;
    private final Supplier<Optional<ProxyTarget>> target;
    private final FaultInjector faultInjector;
    private final Predicate<ServiceProcess> mayKill;
    private final HttpClient http;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    FaultProxy(
            String caller,
            Optional<ServiceProcess> calling,
            String callee,
            Supplier<Optional<ProxyTarget>> target,
            FaultInjector faultInjector,
            Predicate<ServiceProcess> mayKill,
            HttpClient http,
            int port) {
        this.caller = caller;
        this.calling = calling;
        this.callee = callee;
        this.target = target;
        this.faultInjector = faultInjector;
        this.mayKill = mayKill;
        this.http = http;
        try {
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
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

    /// Closing an exchange without a response breaks the connection, like a failed host.
    private void serve(HttpExchange exchange) {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var call =
                    ProxiedCall.of(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath(),
                            exchange.getRequestHeaders(),
                            body);
            faultInjector.recordCall(caller + "/" + callee, call);
            pass(exchange, call, body);
        } catch (IOException failure) {
            log.debug("call from {} to {} failed: {}", caller, callee, failure.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(HttpExchange exchange, ProxiedCall call, byte[] body)
            throws IOException, InterruptedException {
        var found = target.get();
        if (found.isEmpty()) {
            // The response of a load balancer without a healthy target.
            exchange.sendResponseHeaders(503, -1);
            return;
        }
        var to = found.get();
        var before =
                faultInjector.takeMatchingFault(
                        caller, callee, call, false, fault -> possible(fault, to.process()));
        if (before.isPresent()) {
            var fault = before.get();
            log.info("{}", fault.point());
            var first = fault.kind() == Fault.FaultKind.REPEATED ? send(exchange, to, body) : null;
            record(fault, exchange, body, first);
            switch (fault.kind()) {
                case REFUSED -> {
                    return;
                }
                case CALLER_KILLED_BEFORE -> {
                    calling.orElseThrow().kill();
                    return;
                }
                case DELAYED -> Thread.sleep(fault.delayMillis());
                case REPEATED -> {} // sent once above
                case CALLEE_KILLED_DURING ->
                        threads.execute(
                                () -> {
                                    sleep(PROCESSING_TIME);
                                    to.process().orElseThrow().kill();
                                });
                case ANSWER_LOST, CALLER_KILLED_AFTER, CALLEE_KILLED_AFTER ->
                        throw new IllegalStateException("the call has not been processed yet");
            }
        }
        HttpResponse<byte[]> answer;
        try {
            answer = send(exchange, to, body);
        } catch (IOException failure) {
            faultInjector.recordBrokenCall(caller + "/" + callee, call);
            throw failure;
        }
        // Losing the response of an empty receive would prove nothing.
        boolean hasContent =
                !call.receives()
                        || new String(answer.body(), StandardCharsets.UTF_8)
                                .contains("ReceiptHandle");
        var after =
                faultInjector.takeMatchingFault(
                        caller,
                        callee,
                        call,
                        true,
                        fault -> hasContent && possible(fault, to.process()));
        if (after.isPresent()) {
            log.info("{}", after.get().point());
            record(after.get(), exchange, body, answer);
            switch (after.get().kind()) {
                case CALLER_KILLED_AFTER -> calling.orElseThrow().kill();
                case CALLEE_KILLED_AFTER -> to.process().orElseThrow().kill();
                case ANSWER_LOST -> {}
                case REFUSED, DELAYED, REPEATED, CALLER_KILLED_BEFORE, CALLEE_KILLED_DURING ->
                        throw new IllegalStateException("the call has already been processed");
            }
            return;
        }
        reply(exchange, answer);
    }

    /// @param answer the callee's, or null if it has not answered yet
    private void record(
            Fault fault,
            HttpExchange exchange,
            byte[] body,
            @Nullable HttpResponse<byte[]> answer) {
        var call = new StringBuilder(exchange.getRequestURI().getPath()).append(' ');
        for (var key : exchange.getRequestHeaders().getOrDefault("Idempotency-Key", List.of())) {
            call.append(key).append(' ');
        }
        call.append(new String(body, StandardCharsets.UTF_8));
        if (answer != null) {
            call.append(' ').append(new String(answer.body(), StandardCharsets.UTF_8));
        }
        faultInjector.recordInjection(
                new InjectedFault(
                        fault,
                        InjectedFault.namesIn(call.toString()),
                        answer != null && answer.statusCode() / 100 == 4));
    }

    private boolean possible(Fault fault, Optional<ServiceProcess> answering) {
        return switch (fault.kind()) {
            case REFUSED, ANSWER_LOST, DELAYED, REPEATED -> true;
            case CALLER_KILLED_BEFORE, CALLER_KILLED_AFTER -> calling.filter(mayKill).isPresent();
            case CALLEE_KILLED_DURING, CALLEE_KILLED_AFTER -> answering.filter(mayKill).isPresent();
        };
    }

    private HttpResponse<byte[]> send(HttpExchange exchange, ProxyTarget to, byte[] body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(to.url().resolve(exchange.getRequestURI().toString()))
                        .timeout(LONGEST_ANSWER)
                        .method(
                                exchange.getRequestMethod(),
                                body.length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) -> {
                            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                                values.forEach(value -> request.header(name, value));
                            }
                        });
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void reply(HttpExchange exchange, HttpResponse<byte[]> answer)
            throws IOException {
        answer.headers()
                .map()
                .forEach(
                        (name, values) -> {
                            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                                exchange.getResponseHeaders().put(name, values);
                            }
                        });
        var body = answer.body();
        exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
