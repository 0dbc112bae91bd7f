package dev.orderflow.localcloud.eventbridge;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// An event as rules and targets receive it.
///
/// @param time time of the event in its envelope
/// @param ingested time at which the bus received it
/// @param json the complete envelope
record BusEvent(String id, Instant time, Instant ingested, String json) {

    static BusEvent of(
            Instant ingested,
            Instant time,
            String source,
            String detailType,
            String account,
            String region,
            List<String> resources,
            ObjectNode detail) {
        var id = UUID.randomUUID().toString();
        var envelope = EventBridgeJson.object();
        envelope.put("version", "0");
        envelope.put("id", id);
        envelope.put("detail-type", detailType);
        envelope.put("source", source);
        envelope.put("account", account);
        envelope.put("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
        envelope.put("region", region);
        var list = envelope.putArray("resources");
        resources.forEach(list::add);
        envelope.set("detail", detail);
        return new BusEvent(id, time, ingested, envelope.toString());
    }

    /// Returns the event with `replay-name`.
    BusEvent withReplayName(String replayName) {
        var envelope = tree();
        envelope.put("replay-name", replayName);
        return new BusEvent(id, time, ingested, envelope.toString());
    }

    ObjectNode tree() {
        return (ObjectNode) EventBridgeJson.MAPPER.readTree(json);
    }
}
