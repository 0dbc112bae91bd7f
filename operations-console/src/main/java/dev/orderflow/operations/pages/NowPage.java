package dev.orderflow.operations.pages;

import dev.orderflow.defaults.confirmations.WaitingAction;
import dev.orderflow.operations.alarms.AlarmQueries.AlarmReport;
import dev.orderflow.operations.approvals.ApprovalsClient.PendingApproval;
import dev.orderflow.operations.auditor.Invariant;
import dev.orderflow.operations.auditor.ViolationLog.RecordedViolation;
import dev.orderflow.operations.deadletters.DeadLetterIndex.ScanState;
import dev.orderflow.operations.deadletters.QueueSamples.QueueHistory;
import dev.orderflow.operations.outbox.ParkedEventsClient.ParkedReasonView;
import dev.orderflow.operations.workitems.WorkItemsClient.OpenWorkItemPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The first page: is anything in trouble?
///
/// @param waiting redrives that wait for a second person
/// @param violations open violations
/// @param comparedUntil everything before this time was audited
/// @param scans how many dead letters each queue had when it was last read
/// @param alarms those in the state ALARM
/// @param samples the samples of the queues
public record NowPage(
        PageContext context,
        PagePart<OpenWorkItemPage> workItems,
        PagePart<List<PendingApproval>> approvals,
        PagePart<List<ParkedReasonView>> parked,
        List<WaitingAction> waiting,
        List<RecordedViolation> violations,
        Instant comparedUntil,
        List<ScanState> scans,
        PagePart<List<AlarmReport>> alarms,
        List<QueueHistory> samples) {

    /// All queues over the last hours, by name.
    public List<QueueTrend> queues() {
        return samples.stream().map(history -> new QueueTrend(history, context.now())).toList();
    }

    private static final Duration LATE = Duration.ofMinutes(5);

    /// A number with its page.
    ///
    /// @param number `?` when it is not known
    public record NowTile(String label, String number, StateTone tone, String link) {}

    /// An invariant as a lamp.
    ///
    /// @param open how many open violations it has
    public record InvariantLamp(Invariant invariant, long open) {}

    /// Whether the auditor is so late that its silence says nothing.
    public boolean isAuditLate() {
        return Duration.between(comparedUntil, context.now()).compareTo(LATE) > 0;
    }

    /// Why parts of the page are missing.
    public List<String> problems() {
        return List.of(workItems.problem(), approvals.problem(), parked.problem(), alarms.problem())
                .stream()
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    /// The state of the system in one sentence.
    public String sentence() {
        var parts = new ArrayList<String>();
        int raised = alarms.value().map(List::size).orElse(0);
        if (raised > 0) {
            parts.add(
                    PageFormat.count(raised, "alarm") + (raised == 1 ? " is" : " are") + " raised");
        }
        int items = workItems.value().map(page -> page.items().size()).orElse(0);
        if (items > 0) {
            parts.add(
                    PageFormat.count(items, "work item") + (items == 1 ? " is" : " are") + " open");
        }
        int decisions = approvals.value().map(List::size).orElse(0) + waiting.size();
        if (decisions > 0) {
            parts.add(
                    PageFormat.count(decisions, "decision")
                            + (decisions == 1 ? " waits" : " wait"));
        }
        if (deadLetters() > 0) {
            parts.add(
                    PageFormat.count(deadLetters(), "dead letter")
                            + (deadLetters() == 1 ? " is" : " are")
                            + " kept");
        }
        long events =
                parked.value().orElse(List.of()).stream().mapToLong(ParkedReasonView::events).sum();
        if (events > 0) {
            parts.add(
                    PageFormat.count(events, "event") + (events == 1 ? " is" : " are") + " parked");
        }
        if (!violations.isEmpty()) {
            parts.add(
                    PageFormat.count(violations.size(), "invariant violation")
                            + (violations.size() == 1 ? " is" : " are")
                            + " open");
        }
        var audited = "as of %s ago".formatted(PageFormat.age(comparedUntil, context.now()));
        if (violations.isEmpty()) {
            parts.add("no invariant is violated " + audited);
        }
        var text = String.join(", ", parts);
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    /// How many dead letters all queues have.
    public long deadLetters() {
        return scans.stream().mapToLong(ScanState::messages).sum();
    }

    /// The queues with dead letters, those with most first.
    public List<ScanState> queuesWithDeadLetters() {
        return scans.stream()
                .filter(scan -> scan.messages() > 0)
                .sorted(Comparator.comparingInt(ScanState::messages).reversed())
                .toList();
    }

    /// The numbers.
    public List<NowTile> tiles() {
        return List.of(
                tile(
                        "raised alarms",
                        alarms.value().map(List::size).map(String::valueOf),
                        StateTone.BAD,
                        "#alarms"),
                tile(
                        "dead letters",
                        Optional.of(String.valueOf(deadLetters())),
                        StateTone.BAD,
                        "/dead-letters"),
                tile(
                        "open work items",
                        workItems
                                .value()
                                .map(
                                        page ->
                                                page.items().size()
                                                        + (page.next().isPresent() ? "+" : "")),
                        StateTone.BAD,
                        "/work-items"),
                tile(
                        "orders to approve",
                        approvals.value().map(List::size).map(String::valueOf),
                        StateTone.ACTIVE,
                        "/approvals"),
                tile(
                        "wait for a second person",
                        Optional.of(String.valueOf(waiting.size())),
                        StateTone.ACTIVE,
                        "/approvals"),
                tile(
                        "parked events",
                        parked.value()
                                .map(
                                        reasons ->
                                                reasons.stream()
                                                        .mapToLong(ParkedReasonView::events)
                                                        .sum())
                                .map(String::valueOf),
                        StateTone.BAD,
                        "/outbox"),
                tile(
                        "open violations",
                        Optional.of(String.valueOf(violations.size())),
                        StateTone.BAD,
                        "/audit"));
    }

    private static NowTile tile(
            String label, Optional<String> number, StateTone unlessZero, String link) {
        return new NowTile(
                label,
                number.orElse("?"),
                number.map(text -> text.equals("0") ? StateTone.GOOD : unlessZero)
                        .orElse(StateTone.WARNING),
                link);
    }

    /// How many open work items there are of each kind.
    public Map<String, Long> workItemsByKind() {
        return workItems.value().stream()
                .flatMap(page -> page.items().stream())
                .collect(
                        Collectors.groupingBy(
                                item -> item.kind(), TreeMap::new, Collectors.counting()));
    }

    /// Every invariant with its open violations.
    public List<InvariantLamp> lamps() {
        var open =
                violations.stream()
                        .collect(
                                Collectors.groupingBy(
                                        RecordedViolation::invariant, Collectors.counting()));
        return Arrays.stream(Invariant.values())
                .map(invariant -> new InvariantLamp(invariant, open.getOrDefault(invariant, 0L)))
                .toList();
    }
}
