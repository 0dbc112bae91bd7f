package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.ports.EventBusPort;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Accepts every event and delivers none.
final class IgnoringEventBusPort implements EventBusPort {

    @Override
    public ObjectNode putEvents(ArrayNode entries) {
        return JsonMapper.shared().createObjectNode();
    }

    @Override
    public void publishServiceEvent(
            String source, String detailType, List<String> resources, ObjectNode detail) {}
}
