package dev.orderflow.defaults.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One step of an order's history.
///
/// Clocks of services differ, so time alone does not order the entries of several services. Marks
/// do: an entry that comes `after` a mark is never shown before an entry that `marks` it. A mark
/// names a fact that several services know, for example that a request with some idempotency key
/// was sent.
///
/// @param at when it began, by the clock of the participant
/// @param until when it ended; null when it took no time or still lasts
/// @param participant the part of the system that did it, for example `payment-service` or
///     `customer`
/// @param type a stable name, for programs
/// @param summary one sentence, for people
/// @param ids ids of the step by name, for example `messageId`, `eventId` or `traceId`
/// @param link the path of its record at the internal API of its service; null when it has none
/// @param after the marks that came before
/// @param marks the marks that this entry sets
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderHistoryEntry(
        Instant at,
        @Nullable Instant until,
        String participant,
        String type,
        OrderHistoryOutcome outcome,
        String summary,
        Map<String, String> ids,
        @Nullable String link,
        List<String> after,
        List<String> marks) {

    public OrderHistoryEntry {
        ids = Collections.unmodifiableMap(new TreeMap<>(ids));
        after = List.copyOf(after);
        marks = List.copyOf(marks);
    }

    /// An entry without ids, link and marks.
    public static OrderHistoryEntry of(
            Instant at,
            String participant,
            String type,
            OrderHistoryOutcome outcome,
            String summary) {
        return new OrderHistoryEntry(
                at,
                null,
                participant,
                type,
                outcome,
                summary,
                Map.of(),
                null,
                List.of(),
                List.of());
    }

    /// The same entry with its end.
    ///
    /// @param end null when it still lasts
    public OrderHistoryEntry until(@Nullable Instant end) {
        return new OrderHistoryEntry(
                at, end, participant, type, outcome, summary, ids, link, after, marks);
    }

    /// The same entry with one more id; a null value adds none.
    public OrderHistoryEntry withId(String name, @Nullable String value) {
        if (value == null) {
            return this;
        }
        var more = new TreeMap<>(ids);
        more.put(name, value);
        return new OrderHistoryEntry(
                at, until, participant, type, outcome, summary, more, link, after, marks);
    }

    /// The same entry with the path of its record.
    public OrderHistoryEntry withLink(String path) {
        return new OrderHistoryEntry(
                at, until, participant, type, outcome, summary, ids, path, after, marks);
    }

    /// The same entry after one more mark.
    public OrderHistoryEntry after(String mark) {
        return new OrderHistoryEntry(
                at, until, participant, type, outcome, summary, ids, link, add(after, mark), marks);
    }

    /// The same entry with one more mark that it sets.
    public OrderHistoryEntry marking(String mark) {
        return new OrderHistoryEntry(
                at, until, participant, type, outcome, summary, ids, link, after, add(marks, mark));
    }

    private static List<String> add(List<String> marks, String mark) {
        var more = new ArrayList<>(marks);
        more.add(mark);
        return more;
    }
}
