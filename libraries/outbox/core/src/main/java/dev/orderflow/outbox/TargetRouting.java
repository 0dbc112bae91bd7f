package dev.orderflow.outbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides by an event's type to which target it is published.
///
/// @param targetsByType the names of targets for types that have one of their own
/// @param defaultTarget the name of the target for all other types; null when these are refused
public record TargetRouting(Map<String, String> targetsByType, @Nullable String defaultTarget) {

    public TargetRouting {
        targetsByType = Map.copyOf(targetsByType);
    }

    /// Sends all types to one target.
    public static TargetRouting to(String target) {
        return new TargetRouting(Map.of(), target);
    }

    /// The name of the target for an event type.
    ///
    /// @throws IllegalArgumentException when there is none
    public String targetOf(String type) {
        var target = targetsByType.getOrDefault(type, defaultTarget);
        if (target == null) {
            throw new IllegalArgumentException("no target is configured for event type " + type);
        }
        return target;
    }
}
