package dev.orderflow.operations.redrive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Why what was not redriven was not, put together by reason.
final class OutcomeReasons {

    /// So many ids of each reason are kept; the count is always exact.
    static final int MOST_IDS = 20;

    /// What became of those that were not redriven.
    public enum ItemOutcome {
        SKIPPED,
        BLOCKED,
        FAILED
    }

    private record ReasonKey(ItemOutcome outcome, String why) {}

    private static final class ReasonGroup {
        private int count;
        private final List<String> ids = new ArrayList<>();
    }

    private final Map<ReasonKey, ReasonGroup> groups = new LinkedHashMap<>();

    void add(ItemOutcome outcome, String why, String subject) {
        var group = groups.computeIfAbsent(new ReasonKey(outcome, why), _ -> new ReasonGroup());
        group.count++;
        if (group.ids.size() < MOST_IDS) {
            group.ids.add(subject);
        }
    }

    List<Redrive.RedriveReason> list() {
        return groups.entrySet().stream()
                .map(
                        entry ->
                                new Redrive.RedriveReason(
                                        entry.getKey().outcome().name(),
                                        entry.getKey().why(),
                                        entry.getValue().count,
                                        Objects.requireNonNull(entry.getValue()).ids))
                .toList();
    }
}
