package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.operations.casefile.CaseFile.CaseFileEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Orders the entries of all parts: by time, but the entries of one part stay in their sequence,
/// and no entry comes before the first one that sets a mark it comes after.
final class Timeline {

    private Timeline() {}

    /// The next entry of one part.
    private static final class PartCursor {
        private final String part;
        private final List<OrderHistoryEntry> entries;
        private int next;

        PartCursor(String part, List<OrderHistoryEntry> entries) {
            this.part = part;
            this.entries = entries;
        }

        boolean hasNext() {
            return next < entries.size();
        }

        OrderHistoryEntry peek() {
            return entries.get(next);
        }
    }

    /// @param byPart the entries of each part in the sequence in which they happened
    static List<CaseFileEntry> merge(Map<String, List<OrderHistoryEntry>> byPart) {
        var cursors =
                new TreeMap<>(byPart)
                        .entrySet().stream()
                                .map(part -> new PartCursor(part.getKey(), part.getValue()))
                                .toList();
        // Marks that some entry still to come sets, each with how many of them there are.
        var toCome = new TreeMap<String, Integer>();
        byPart.values()
                .forEach(
                        entries ->
                                entries.forEach(
                                        entry ->
                                                entry.marks()
                                                        .forEach(
                                                                mark ->
                                                                        toCome.merge(
                                                                                mark,
                                                                                1,
                                                                                Integer::sum))));
        var reached = new HashSet<String>();
        var merged = new ArrayList<CaseFileEntry>();
        var latest = Instant.MIN;
        Optional<PartCursor> cursor;
        while ((cursor = next(cursors, toCome, reached)).isPresent()) {
            var entry = cursor.get().peek();
            cursor.get().next++;
            entry.marks()
                    .forEach(
                            mark -> {
                                reached.add(mark);
                                toCome.merge(mark, -1, Integer::sum);
                            });
            merged.add(new CaseFileEntry(cursor.get().part, entry, entry.at().isBefore(latest)));
            latest = entry.at().isAfter(latest) ? entry.at() : latest;
        }
        return merged;
    }

    private static Optional<PartCursor> next(
            List<PartCursor> cursors, Map<String, Integer> toCome, Set<String> reached) {
        var byTime =
                Comparator.<PartCursor, Instant>comparing(cursor -> cursor.peek().at())
                        .thenComparing(cursor -> cursor.part);
        var waiting = cursors.stream().filter(PartCursor::hasNext).toList();
        return waiting.stream()
                .filter(cursor -> mayFollow(cursor.peek(), toCome, reached))
                .min(byTime)
                // Marks that contradict the sequence of a part: time decides.
                .or(() -> waiting.stream().min(byTime));
    }

    private static boolean mayFollow(
            OrderHistoryEntry entry, Map<String, Integer> toCome, Set<String> reached) {
        return entry.after().stream()
                .allMatch(
                        mark ->
                                reached.contains(mark)
                                        || toCome.getOrDefault(mark, 0) <= countOf(entry, mark));
    }

    /// An entry that sets a mark itself does not wait for itself.
    private static int countOf(OrderHistoryEntry entry, String mark) {
        return (int) entry.marks().stream().filter(mark::equals).count();
    }
}
