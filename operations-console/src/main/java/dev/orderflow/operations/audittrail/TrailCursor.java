package dev.orderflow.operations.audittrail;

import dev.orderflow.defaults.operators.OperatorActionLog;
import dev.orderflow.defaults.problem.Problem;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.regex.Pattern;

/// A place in the trail: entries are sorted by time, then by who recorded them, then by id. The
/// text of a cursor is `<time>_<recorder>_<id>`.
///
/// @param recordedBy the part that recorded the entry
/// @param id the id of the entry there
public record TrailCursor(Instant at, String recordedBy, long id)
        implements Comparable<TrailCursor> {

    private static final Pattern FORM =
            Pattern.compile("([0-9]{4}-[^_]{1,40})_([a-z-]{1,40})_([0-9]{1,18})");

    private static final Comparator<TrailCursor> ORDER =
            Comparator.comparing(TrailCursor::at)
                    .thenComparing(TrailCursor::recordedBy)
                    .thenComparingLong(TrailCursor::id);

    /// Parses a cursor.
    ///
    /// @throws Problem 400 when it is not one
    public static TrailCursor parse(String text) {
        var parts = FORM.matcher(text);
        if (parts.matches()) {
            try {
                var time = Instant.parse(parts.group(1));
                if (OperatorActionLog.isStorable(time)) {
                    return new TrailCursor(time, parts.group(2), Long.parseLong(parts.group(3)));
                }
            } catch (DateTimeParseException _) {
                // Refused below.
            }
        }
        throw Problem.invalid("cursor", "must be the cursor of a page of the trail");
    }

    /// Entries of a part that lie before this place have the same time and an id below this one, or
    /// an earlier time.
    long idBefore(String part) {
        int order = part.compareTo(recordedBy);
        return order < 0 ? Long.MAX_VALUE : order == 0 ? id : 0;
    }

    @Override
    public int compareTo(TrailCursor other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return at + "_" + recordedBy + "_" + id;
    }
}
