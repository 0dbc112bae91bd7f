package dev.orderflow.systemtests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// A receiver of the spans of all services, by
/// [OTLP/HTTP](https://opentelemetry.io/docs/specs/otlp/#otlphttp).
final class Spans {

    /// @param service the name of the service
    /// @param name the name of the span
    /// @param traceId 32 hexadecimal digits
    /// @param id 16 hexadecimal digits
    /// @param parentId the id of the parent span; empty without one
    record Span(String service, String name, String traceId, String id, String parentId) {}

    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final Set<String> watched = ConcurrentHashMap.newKeySet();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final HttpServer server;

    Spans() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/v1/traces");
    }

    /// The spans of a trace that have arrived so far.
    List<Span> of(String traceId) {
        return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    /// Searches all spans that arrive from now on for a text, including attributes and events.
    void watchFor(String word) {
        watched.add(word);
    }

    /// Whether a searched text has arrived.
    boolean haveMentioned(String word) {
        return seen.contains(word);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            if (!watched.isEmpty()) {
                var text = request.toString();
                watched.stream().filter(text::contains).forEach(seen::add);
            }
            request.getResourceSpansList().stream().flatMap(Spans::read).forEach(spans::add);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Stream<Span> read(ResourceSpans resource) {
        var service =
                resource.getResource().getAttributesList().stream()
                        .filter(attribute -> attribute.getKey().equals("service.name"))
                        .map(KeyValue::getValue)
                        .findFirst()
                        .orElseThrow()
                        .getStringValue();
        var hex = HexFormat.of();
        return resource.getScopeSpansList().stream()
                .flatMap(scope -> scope.getSpansList().stream())
                .map(
                        span ->
                                new Span(
                                        service,
                                        span.getName(),
                                        hex.formatHex(span.getTraceId().toByteArray()),
                                        hex.formatHex(span.getSpanId().toByteArray()),
                                        hex.formatHex(span.getParentSpanId().toByteArray())));
    }

    void close() {
        server.stop(0);
    }
}
