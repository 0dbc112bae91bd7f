package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Records every event on the bus, and can pause rules.
final class BusObserver implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BUS = "orderflow";

    private final String name = "observer-" + UUID.randomUUID();
    private final EventBridgeClient events;
    private final Queues queues;
    private final Set<String> paused = new TreeSet<>();
    private final Map<String, JsonNode> received = new TreeMap<>();

    BusObserver(RunningSystem system) {
        events = system.client(EventBridgeClient.builder());
        queues = new Queues(system);
        var arn = queues.create(name);
        events.putRule(
                rule ->
                        rule.name(name)
                                .eventBusName(BUS)
                                .eventPattern("{\"source\":[{\"prefix\":\"orderflow.\"}]}"));
        events.putTargets(
                put ->
                        put.rule(name)
                                .eventBusName(BUS)
                                .targets(target -> target.id("observer").arn(arn)));
    }

    /// The target queue of each rule.
    Map<String, String> routes() {
        var routes = new TreeMap<String, String>();
        for (var rule : events.listRules(list -> list.eventBusName(BUS)).rules()) {
            var targets =
                    events.listTargetsByRule(list -> list.rule(rule.name()).eventBusName(BUS));
            var arn = targets.targets().getFirst().arn();
            routes.put(rule.name(), arn.substring(arn.lastIndexOf(':') + 1));
        }
        return routes;
    }

    void pause(String rule) {
        paused.add(rule);
        events.disableRule(disable -> disable.name(rule).eventBusName(BUS));
    }

    void resume(String rule) {
        events.enableRule(enable -> enable.name(rule).eventBusName(BUS));
        paused.remove(rule);
    }

    /// Waits for an event of an order.
    JsonNode awaitEvent(String type, String order) {
        await(type + " of " + order)
                .until(
                        () -> {
                            listen();
                            return received.containsKey(order + "/" + type);
                        });
        return received.get(order + "/" + type);
    }

    List<JsonNode> receivedEvents() {
        return List.copyOf(received.values());
    }

    /// Publishes an event that was published before.
    void tellAgain(JsonNode event) {
        var answer =
                events.putEvents(
                        put ->
                                put.entries(
                                        entry ->
                                                entry.eventBusName(BUS)
                                                        .source(text(event, "source"))
                                                        .detailType(text(event, "detail-type"))
                                                        .detail(event.path("detail").toString())));
        assertThat(answer.failedEntryCount()).isZero();
    }

    private void listen() {
        var url = queues.url(name);
        var messages =
                queues.client()
                        .receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10))
                        .messages();
        for (var message : messages) {
            var event = JSON.readTree(message.body());
            received.put(text(event.path("detail"), "eventId"), event);
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString();
    }

    @Override
    public void close() {
        List.copyOf(paused).forEach(this::resume);
        events.removeTargets(remove -> remove.rule(name).eventBusName(BUS).ids("observer"));
        events.deleteRule(delete -> delete.name(name).eventBusName(BUS));
        queues.delete(name);
        events.close();
    }
}
