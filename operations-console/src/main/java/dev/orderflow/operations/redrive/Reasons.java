package dev.orderflow.operations.redrive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Why what was not redriven was not, put together by reason.
final class Reasons {

    /// So many ids of each reason are kept; the count is always exact.
    static final int MOST_IDS = 20;

    /// What became of those that were not redriven.
    public enum Fate {
        SKIPPED,
        HELD,
        FAILED
    }

    private record Key(Fate fate, String why) {}

    private static final class Group {
        private int count;
        private final List<String> ids = new ArrayList<>();
    }

    private final Map<Key, Group> groups = new LinkedHashMap<>();

    void add(Fate fate, String why, String subject) {
        var group = groups.computeIfAbsent(new Key(fate, why), _ -> new Group());
        group.count++;
        if (group.ids.size() < MOST_IDS) {
            group.ids.add(subject);
        }
    }

    List<Redrive.Reason> list() {
        return groups.entrySet().stream()
                .map(
                        entry ->
                                new Redrive.Reason(
                                        entry.getKey().fate().name(),
                                        entry.getKey().why(),
                                        entry.getValue().count,
                                        Objects.requireNonNull(entry.getValue()).ids))
                .toList();
    }
}
