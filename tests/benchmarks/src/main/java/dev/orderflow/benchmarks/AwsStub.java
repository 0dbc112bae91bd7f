package dev.orderflow.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The AWS APIs that order-service calls, at the lowest cost: queues are empty, and an event bus
/// accepts everything after a fixed latency.
final class AwsStub implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ACCOUNT = "000000000000";

    private final HttpServer server;
    private final Duration busLatency;
    private final LongAdder busCalls = new LongAdder();
    private final LongAdder events = new LongAdder();

    /// @param busLatency the time that a call of PutEvents takes
    AwsStub(Duration busLatency) {
        this.busLatency = busLatency;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException("the stub of AWS cannot listen", failed);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// The number of PutEvents calls so far.
    long busCalls() {
        return busCalls.sum();
    }

    /// The number of events in them.
    long events() {
        return events.sum();
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            var body = call.getRequestBody().readAllBytes();
            var target = String.valueOf(call.getRequestHeaders().getFirst("X-Amz-Target"));
            var response =
                    respond(
                                    target.substring(target.indexOf('.') + 1),
                                    body.length == 0
                                            ? JSON.createObjectNode()
                                            : JSON.readTree(body))
                            .getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            call.sendResponseHeaders(200, response.length);
            call.getResponseBody().write(response);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String respond(String operation, JsonNode request) throws InterruptedException {
        return switch (operation) {
            case "GetQueueUrl" ->
                    "{\"QueueUrl\":\"%s/%s/%s\"}"
                            .formatted(url(), ACCOUNT, request.path("QueueName").asString());
            case "GetQueueAttributes" ->
                    """
                    {"Attributes":{"VisibilityTimeout":"60","QueueArn":"arn:aws:sqs:us-east-1:%s:queue"}}"""
                            .formatted(ACCOUNT);
            case "ReceiveMessage" -> {
                Thread.sleep(Duration.ofSeconds(request.path("WaitTimeSeconds").asInt(1)));
                yield "{}";
            }
            case "DescribeEventBus" -> "{\"Name\":\"orderflow\"}";
            case "PutEvents" -> {
                int entries = request.path("Entries").size();
                Thread.sleep(busLatency);
                busCalls.increment();
                events.add(entries);
                yield IntStream.range(0, entries)
                        .mapToObj(number -> "{\"EventId\":\"" + number + "\"}")
                        .collect(
                                Collectors.joining(
                                        ",", "{\"FailedEntryCount\":0,\"Entries\":[", "]}"));
            }
            default -> "{}";
        };
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
