package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.OrderStateCode;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderHistoryState;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.casefile.CaseFile;
import dev.orderflow.operations.casefile.CaseFile.CaseFileEntry;
import dev.orderflow.operations.casefile.CaseFile.CaseFileGap;
import dev.orderflow.operations.casefile.CaseFile.PartReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The case file of an order, and what its reader may do about it.
///
/// @param done what the reader has just done
public record OrderDetailPage(PageContext context, CaseFile file, Optional<String> done) {

    /// The width of the picture's time axis, and the height of a row.
    public static final int AXIS = 760;

    /// Where the time axis begins.
    public static final int LEFT = 170;

    /// The height of a participant's row.
    public static final int ROW = 22;

    private static final int SHORTEST_MARK = 5;

    /// A row of the timeline: an entry, or a gap between entries.
    ///
    /// @param entry empty for a gap
    /// @param gap empty for an entry
    /// @param anchor of the entry, for links from the picture
    public record TimelineRow(
            Instant at, Optional<CaseFileEntry> entry, Optional<CaseFileGap> gap, String anchor) {}

    /// A mark of the picture.
    ///
    /// @param x where it begins, in pixels
    /// @param row the row of its participant
    public record GanttMark(
            long x, long width, int row, StateTone tone, String anchor, String title) {}

    /// The state at order-service.
    public String state() {
        return file.states().stream()
                .filter(state -> state.participant().equals("order-service"))
                .map(OrderHistoryState::state)
                .findFirst()
                .orElse("unknown");
    }

    /// Whether the reader may cancel the order now. order-service decides again when it is asked.
    public boolean mayCancel() {
        return whyNotCancellable().isEmpty();
    }

    /// Why the reader cannot cancel the order now; empty when the reader can.
    public Optional<String> whyNotCancellable() {
        var known = OrderStateCode.of(state());
        if (known.isEmpty()) {
            return Optional.of(
                    "Not possible now: order-service, which decides about it, did not tell the state of the order.");
        }
        if (known.get().isCancellable()) {
            return context.may(OperatorRole.OPERATOR)
                    ? Optional.empty()
                    : Optional.of("Possible with the role operator, which you do not have.");
        }
        return Optional.of(
                switch (known.get()) {
                    case PENDING, CONFIRMED -> throw new IllegalStateException("is cancellable");
                    case DISPATCHING ->
                            "Too late: shipping has the dispatch permit, so the carrier may have the parcel.";
                    case CANCEL_REQUESTED ->
                            "The cancellation is accepted already; the workflow undoes what it has done.";
                    case SHIPPED ->
                            "Too late: the order has shipped. A refund is a command: ./orderflow payments refund.";
                    case REJECTED -> "Not needed: the order was rejected, and nothing is shipped.";
                    case CANCELLED -> "The order is cancelled already.";
                });
    }

    /// The colour of a state.
    public static StateTone toneOf(String state) {
        return switch (state) {
            case "REJECTED", "CANCELLED" -> StateTone.NEUTRAL;
            case "UNAVAILABLE", "UNKNOWN", "FAILED", "TIMED_OUT", "ABORTED" -> StateTone.BAD;
            default ->
                    OrderStateCode.of(state).filter(OrderStateCode::isFinal).isPresent()
                            ? StateTone.GOOD
                            : StateTone.ACTIVE;
        };
    }

    /// The colour of an outcome.
    public static StateTone toneOf(OrderHistoryOutcome outcome) {
        return switch (outcome) {
            case DONE -> StateTone.GOOD;
            case REFUSED, UNKNOWN -> StateTone.WARNING;
            case FAILED -> StateTone.BAD;
            case WAITING -> StateTone.ACTIVE;
            case REPEATED -> StateTone.NEUTRAL;
        };
    }

    /// The parts that did not respond, or not with all they know.
    public List<PartReport> incompleteParts() {
        return file.parts().stream().filter(part -> !part.available() || !part.complete()).toList();
    }

    /// Entries and gaps by their time.
    public List<TimelineRow> rows() {
        var rows = new ArrayList<TimelineRow>();
        for (int i = 0; i < file.timeline().size(); i++) {
            var entry = file.timeline().get(i);
            var before = rows.isEmpty() ? Instant.MIN : rows.getLast().at();
            file.gaps().stream()
                    .filter(
                            gap ->
                                    gap.from().isAfter(before)
                                            && !gap.from().isAfter(entry.entry().at()))
                    .map(OrderDetailPage::row)
                    .forEach(rows::add);
            rows.add(
                    new TimelineRow(
                            entry.entry().at(), Optional.of(entry), Optional.empty(), "e" + i));
        }
        var last = rows.isEmpty() ? Instant.MIN : rows.getLast().at();
        file.gaps().stream()
                .filter(gap -> gap.from().isAfter(last))
                .map(OrderDetailPage::row)
                .forEach(rows::add);
        return rows;
    }

    private static TimelineRow row(CaseFileGap gap) {
        return new TimelineRow(gap.from(), Optional.empty(), Optional.of(gap), "");
    }

    /// Who took part, in the sequence of their first entries.
    public List<String> participants() {
        return file.timeline().stream()
                .map(entry -> entry.entry().participant())
                .distinct()
                .toList();
    }

    /// The marks of the picture.
    public List<GanttMark> marks() {
        var participants = participants();
        return IntStream.range(0, file.timeline().size())
                .mapToObj(
                        i -> {
                            var entry = file.timeline().get(i).entry();
                            long x = x(entry.at());
                            var until = entry.until();
                            long end = until == null ? x : x(until);
                            return new GanttMark(
                                    x,
                                    Math.max(SHORTEST_MARK, end - x),
                                    participants.indexOf(entry.participant()),
                                    toneOf(entry.outcome()),
                                    "e" + i,
                                    entry.summary());
                        })
                .toList();
    }

    /// Where a time is on the axis, in pixels.
    private long x(Instant at) {
        var first = first();
        long all = Math.max(1, Duration.between(first, last()).toMillis());
        long part = Math.clamp(Duration.between(first, at).toMillis(), 0, all);
        return LEFT + part * (AXIS - SHORTEST_MARK) / all;
    }

    /// The earliest time.
    public Instant first() {
        return file.timeline().stream()
                .map(entry -> entry.entry().at())
                .min(Comparator.naturalOrder())
                .orElse(context.now());
    }

    /// The latest time.
    public Instant last() {
        return file.timeline().stream()
                .flatMap(entry -> Stream.of(entry.entry().at(), entry.entry().until()))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(context.now());
    }

    /// The span of the picture as text.
    public String span() {
        return PageFormat.duration(Duration.between(first(), last()));
    }
}
