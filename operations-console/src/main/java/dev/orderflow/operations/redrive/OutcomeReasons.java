package dev.orderflow.operations.redrive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The items that were not redriven, grouped by outcome and reason.
final class OutcomeReasons {

    /// How many ids are kept per group; the count is always exact.
    static final int MAX_IDS = 20;

    /// What happened to an item that was not redriven.
    public enum ItemOutcome {
        SKIPPED,
        BLOCKED,
        FAILED
    }

    /// Continues with the reasons of an earlier run.
    static OutcomeReasons continuing(List<Redrive.RedriveReason> earlier) {
        var reasons = new OutcomeReasons();
        for (var reason : earlier) {
            var group = new ReasonGroup();
            group.count = reason.count();
            group.ids.addAll(reason.ids());
            reasons.groups.put(
                    new ReasonKey(ItemOutcome.valueOf(reason.outcome()), reason.description()),
                    group);
        }
        return reasons;
    }

    private record ReasonKey(ItemOutcome outcome, String description) {}

    private static final class ReasonGroup {
        private int count;
        private final List<String> ids = new ArrayList<>();
    }

    private final Map<ReasonKey, ReasonGroup> groups = new LinkedHashMap<>();

    void add(ItemOutcome outcome, String description, String subject) {
        var group =
                groups.computeIfAbsent(new ReasonKey(outcome, description), _ -> new ReasonGroup());
        group.count++;
        if (group.ids.size() < MAX_IDS) {
            group.ids.add(subject);
        }
    }

    List<Redrive.RedriveReason> list() {
        return groups.entrySet().stream()
                .map(
                        entry ->
                                new Redrive.RedriveReason(
                                        entry.getKey().outcome().name(),
                                        entry.getKey().description(),
                                        entry.getValue().count,
                                        Objects.requireNonNull(entry.getValue()).ids))
                .toList();
    }
}
