package dev.orderflow.systemtests;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/// Events as a rule delivers them to a queue.
final class MessageEnvelopes {

    private static final JsonMapper JSON = JsonMapper.shared();

    private MessageEnvelopes() {}

    static String of(OrderEvent event) {
        return of(event.type(), MessageCodec.write(event));
    }

    static String of(String type, String detail) {
        var envelope = JSON.createObjectNode();
        envelope.put("version", "0")
                .put("id", UUID.randomUUID().toString())
                .put("detail-type", type)
                .put("source", "orderflow.workflow")
                .put("account", "000000000000")
                .put("time", "2026-11-02T09:15:31Z")
                .put("region", "us-east-1");
        envelope.putArray("resources");
        envelope.set("detail", JSON.readTree(detail));
        return envelope.toString();
    }
}
