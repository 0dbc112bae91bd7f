package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxTarget;
import dev.orderflow.outbox.TargetRouting;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All targets by name.
public record OutboxTargets(Map<String, OutboxTarget> byName) {

    public OutboxTargets {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    }

    /// The routing among them.
    ///
    /// @throws IllegalStateException when a route leads to no target, or there is no target, or
    ///     several and none is the default
    TargetRouting routing(Map<String, String> routes, @Nullable String defaultTarget) {
        if (byName.isEmpty()) {
            throw new IllegalStateException(
                    "the outbox has no target: set outbox.targets.<name>.bus, or define a bean of type OutboxTarget");
        }
        routes.forEach((type, target) -> requireTarget("outbox.routes." + type, target));
        if (defaultTarget != null) {
            requireTarget("outbox.default-target", defaultTarget);
            return new TargetRouting(routes, defaultTarget);
        }
        if (byName.size() == 1) {
            return new TargetRouting(routes, byName.keySet().iterator().next());
        }
        if (routes.isEmpty()) {
            throw new IllegalStateException(
                    "outbox.default-target or outbox.routes must choose among the targets "
                            + byName.keySet());
        }
        return new TargetRouting(routes, null);
    }

    private void requireTarget(String property, String target) {
        if (!byName.containsKey(target)) {
            throw new IllegalStateException(
                    "%s names the target %s, but there are only %s"
                            .formatted(property, target, byName.keySet()));
        }
    }
}
