package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.deadletters.DeadLetterGroups.DeadLetterGroup;
import dev.orderflow.operations.deadletters.DeadLetterIndex.IndexedDeadLetter;
import dev.orderflow.operations.deadletters.DeadLetterIndex.ScanState;
import dev.orderflow.operations.redrive.Redrive;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The dead letters of all queues: grouped by cause, or those that match a filter.
///
/// @param filter the values of the filter by parameter; empty for the groups
/// @param nextGroups the address of the next page of groups; empty on the last
/// @param messages those that match the filter
/// @param next the address of the next page of messages; empty on the last
/// @param redrives the latest redrives
public record DeadLettersPage(
        PageContext context,
        Map<String, String> filter,
        List<DeadLetterGroup> groups,
        Optional<String> nextGroups,
        List<IndexedDeadLetter> messages,
        Optional<String> next,
        List<ScanState> scans,
        List<Redrive> redrives) {

    /// The width of the longest bar, in pixels.
    public static final int BAR = 120;

    /// A value of the filter.
    public String value(String parameter) {
        return filter.getOrDefault(parameter, "");
    }

    /// Whether messages are shown in place of groups.
    public boolean isSearch() {
        return !filter.isEmpty();
    }

    /// Whether the reader may redrive and discard.
    public boolean mayRedrive() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// How many messages there are.
    public long count() {
        return scans.stream().mapToLong(ScanState::messages).sum();
    }

    /// The queues with messages, or with a problem.
    public List<ScanState> queuesToShow() {
        return scans.stream()
                .filter(scan -> scan.messages() > 0 || scan.problem().isPresent())
                .toList();
    }

    /// The length of a group's bar, in pixels.
    public long bar(DeadLetterGroup group) {
        long most = groups.stream().mapToLong(DeadLetterGroup::count).max().orElse(1);
        return Math.max(2, group.count() * BAR / most);
    }

    /// The address of a group, with its owner and note.
    public static String groupOf(String fingerprint) {
        return "/dead-letters/groups/" + PageFormat.url(fingerprint);
    }

    /// The address of the messages of a queue with one cause.
    public static String messagesOf(String queue, String fingerprint) {
        return "/dead-letters?queue=%s&fingerprint=%s"
                .formatted(PageFormat.url(queue), PageFormat.url(fingerprint));
    }

    /// The address of the edit of a message.
    public static String editOf(IndexedDeadLetter message) {
        return DeadLetterPath.editOf(message.queue(), message.messageId());
    }

    /// The address of the first step of a redrive.
    public static String redriveOf(String queue, String fingerprint) {
        return "/dead-letters/redrive?queue=%s&fingerprint=%s"
                .formatted(PageFormat.url(queue), PageFormat.url(fingerprint));
    }

    /// The colour of a redrive's state.
    public static StateTone toneOf(Redrive redrive) {
        return switch (redrive.state()) {
            case RUNNING -> StateTone.ACTIVE;
            case PAUSED -> StateTone.WARNING;
            case DONE ->
                    redrive.failed() + redrive.blocked() > 0 ? StateTone.WARNING : StateTone.GOOD;
            case STOPPED, ABANDONED -> StateTone.BAD;
            case CANCELLED -> StateTone.NEUTRAL;
        };
    }
}
