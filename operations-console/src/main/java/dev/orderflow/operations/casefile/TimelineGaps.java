package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.operations.casefile.CaseFile.CaseFileEntry;
import dev.orderflow.operations.casefile.CaseFile.CaseFileGap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Names the times in which an order waited: those that a part recorded, and those in which no part
/// recorded anything.
final class TimelineGaps {

    private TimelineGaps() {}

    /// @param silence how long nothing may be recorded without being a gap
    /// @param isFinal whether the order waits for nothing any more
    static List<CaseFileGap> find(
            List<CaseFileEntry> timeline, Duration silence, boolean isFinal, Instant now) {
        var gaps = new ArrayList<CaseFileGap>();
        for (var each : timeline) {
            if (each.entry().outcome() == OrderHistoryOutcome.WAITING) {
                recorded(each.entry(), isFinal).ifPresent(gaps::add);
            }
        }
        var recorded = List.copyOf(gaps);
        @Nullable Instant last = null;
        for (var each : timeline) {
            var entry = each.entry();
            if (last != null && entry.at().isAfter(last.plus(silence))) {
                addUnlessRecorded(
                        gaps,
                        recorded,
                        new CaseFileGap(
                                last,
                                Optional.of(entry.at()),
                                entry.participant(),
                                "No part recorded anything for %s; the next step was that of %s."
                                        .formatted(
                                                describe(Duration.between(last, entry.at())),
                                                entry.participant())));
            }
            last = later(last, end(entry));
        }
        if (last != null && !isFinal && now.isAfter(last.plus(silence))) {
            addUnlessRecorded(
                    gaps,
                    recorded,
                    new CaseFileGap(
                            last,
                            Optional.empty(),
                            "unknown",
                            "No part has recorded anything for %s; the order is not final."
                                    .formatted(describe(Duration.between(last, now)))));
        }
        return gaps.stream().sorted(Comparator.comparing(CaseFileGap::from)).toList();
    }

    /// Whatever is still open when the order is final, it does not wait for.
    private static Optional<CaseFileGap> recorded(OrderHistoryEntry entry, boolean isFinal) {
        return entry.until() == null && isFinal
                ? Optional.empty()
                : Optional.of(
                        new CaseFileGap(
                                entry.at(),
                                Optional.ofNullable(entry.until()),
                                entry.participant(),
                                entry.summary()));
    }

    private static void addUnlessRecorded(
            List<CaseFileGap> gaps, List<CaseFileGap> recorded, CaseFileGap silent) {
        boolean isExplained = recorded.stream().anyMatch(gap -> covers(gap, silent));
        if (!isExplained) {
            gaps.add(silent);
        }
    }

    private static boolean covers(CaseFileGap gap, CaseFileGap silent) {
        if (gap.from().isAfter(silent.from().plusSeconds(1))) {
            return false;
        }
        return gap.until().isEmpty()
                || silent.until()
                        .filter(end -> !gap.until().get().isBefore(end.minusSeconds(1)))
                        .isPresent();
    }

    /// A wait is named by itself; other entries last until their end.
    private static Instant end(OrderHistoryEntry entry) {
        return entry.until() == null || entry.outcome() == OrderHistoryOutcome.WAITING
                ? entry.at()
                : entry.until();
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    private static String describe(Duration time) {
        long seconds = time.toSeconds();
        return seconds < 120
                ? seconds + " s"
                : seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }
}
