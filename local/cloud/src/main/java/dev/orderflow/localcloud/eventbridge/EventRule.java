package dev.orderflow.localcloud.eventbridge;

import dev.orderflow.localcloud.pattern.EventPattern;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An immutable rule with its targets.
///
/// @param targets targets by id, sorted
record EventRule(
        String name,
        String arn,
        String bus,
        EventPattern pattern,
        boolean enabled,
        @Nullable String description,
        @Nullable String roleArn,
        String createdBy,
        Map<String, RuleTarget> targets) {

    EventRule {
        targets = new LinkedHashMap<>(new TreeMap<>(targets));
    }

    EventRule enabled(boolean now) {
        return new EventRule(
                name, arn, bus, pattern, now, description, roleArn, createdBy, targets);
    }

    EventRule with(Map<String, RuleTarget> others) {
        return new EventRule(
                name, arn, bus, pattern, enabled, description, roleArn, createdBy, others);
    }

    /// The metric dimensions of the rule: as on AWS, without the bus for the default bus.
    Map<String, String> dimensions() {
        return bus.equals(CloudEventBus.DEFAULT)
                ? Map.of("RuleName", name)
                : Map.of("EventBusName", bus, "RuleName", name);
    }

    ObjectNode toDescription() {
        var node = EventBridgeJson.object();
        node.put("Name", name);
        node.put("Arn", arn);
        node.put("EventPattern", pattern.text());
        node.put("State", enabled ? "ENABLED" : "DISABLED");
        if (description != null) {
            node.put("Description", description);
        }
        if (roleArn != null) {
            node.put("RoleArn", roleArn);
        }
        node.put("EventBusName", bus);
        return node;
    }
}
