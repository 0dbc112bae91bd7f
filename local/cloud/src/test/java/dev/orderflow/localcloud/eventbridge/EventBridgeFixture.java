package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.ports.RecordingMetricPort;
import dev.orderflow.localcloud.ports.RecordingQueuePort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsProtocol;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.RequestContext;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.node.ObjectNode;

/// EventBridge with test doubles for the other services, called with JSON.
final class EventBridgeFixture implements AutoCloseable {

    static final String ORDERS = "arn:aws:sqs:us-east-1:000000000000:orders";
    static final String DLQ = "arn:aws:sqs:us-east-1:000000000000:undelivered";
    static final String TOPIC = "arn:aws:sns:us-east-1:000000000000:news";
    static final String MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:flow";

    final CloudClock clock;
    final RecordingQueuePort queues = new RecordingQueuePort();
    final RecordingMetricPort metrics = new RecordingMetricPort();
    final List<String> published = new CopyOnWriteArrayList<>();
    final Map<String, String> started = new java.util.concurrent.ConcurrentHashMap<>();
    final EventBridge events;

    EventBridgeFixture(double clockFactor) {
        clock = new CloudClock(clockFactor);
        events =
                new EventBridge(
                        clock,
                        queues,
                        () ->
                                (_, _, message, _) -> {
                                    published.add(message);
                                    return "id";
                                },
                        () ->
                                (arn, name, input) -> {
                                    started.put(String.valueOf(name), input);
                                    return arn + ":" + name;
                                },
                        metrics);
    }

    ObjectNode call(String operation, String input) {
        var context =
                new RequestContext(
                        UUID.randomUUID(),
                        "us-east-1",
                        "000000000000",
                        URI.create("http://localhost:4566"));
        return events.handle(
                new AwsRequest(
                        AwsProtocol.JSON_1_1,
                        operation,
                        (ObjectNode) EventBridgeJson.MAPPER.readTree(input),
                        context));
    }

    /// Makes a call that must fail and returns its error.
    AwsErrorException callExpectingError(String operation, String input) {
        try {
            var answer = call(operation, input);
            throw new AssertionError(operation + " was not refused but answered " + answer);
        } catch (AwsErrorException e) {
            return e;
        }
    }

    /// A rule on the default bus for the source `shop`, with one target queue.
    void shopRule(String name, String targetMore) {
        rule(name, "{\"source\":[\"shop\"]}", ORDERS, targetMore);
    }

    void rule(String name, String pattern, String arn, String targetMore) {
        var rule = EventBridgeJson.object().put("Name", name).put("EventPattern", pattern);
        call("PutRule", rule.toString());
        call(
                "PutTargets",
                """
                {"Rule":"%s","Targets":[{"Id":"it","Arn":"%s"%s}]}"""
                        .formatted(name, arn, targetMore));
    }

    ObjectNode put(String detail) {
        var entries = EventBridgeJson.object();
        entries.putArray("Entries")
                .addObject()
                .put("Source", "shop")
                .put("DetailType", "OrderPlaced")
                .put("Detail", detail);
        return call("PutEvents", entries.toString());
    }

    @Override
    public void close() {
        events.close();
    }
}
