package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.deadletters.DeadLetterGroups.GroupNote;
import java.util.Optional;
import org.springframework.stereotype.Service;

/// Changes owner and note of groups of dead letters.
@Service
public class DeadLetterGroupService {

    private final DeadLetterGroups groups;
    private final AuditTrail auditTrail;

    DeadLetterGroupService(DeadLetterGroups groups, AuditTrail auditTrail) {
        this.groups = groups;
        this.auditTrail = auditTrail;
    }

    /// The result of [#annotate].
    public sealed interface AnnotateResult {

        record GroupAnnotated(GroupNote note) implements AnnotateResult {}

        /// No dead letter has this fingerprint, and no operator wrote about it.
        record GroupMissing() implements AnnotateResult {}

        /// Another operator has changed them since; nothing was changed.
        ///
        /// @param current what is written now
        record ChangedMeanwhile(GroupNote current) implements AnnotateResult {}
    }

    /// Replaces owner and note of a group.
    ///
    /// @param version the version that the operator saw
    /// @param owner empty removes the owner
    /// @param note empty removes the note
    public AnnotateResult annotate(
            String fingerprint,
            int version,
            Optional<String> owner,
            Optional<String> note,
            Operator operator) {
        var before = groups.findNote(fingerprint);
        if (before.version() == 0 && groups.find(fingerprint).isEmpty()) {
            return new AnnotateResult.GroupMissing();
        }
        if (!groups.update(fingerprint, version, owner, note, operator)) {
            var current = groups.findNote(fingerprint);
            return isRepetition(current, version, owner, note, operator)
                    ? new AnnotateResult.GroupAnnotated(current)
                    : new AnnotateResult.ChangedMeanwhile(current);
        }
        auditTrail.record(
                operator,
                "ANNOTATE_GROUP",
                fingerprint,
                note.orElse("note removed"),
                "owner=" + owner.orElse("-"));
        return new AnnotateResult.GroupAnnotated(groups.findNote(fingerprint));
    }

    /// Whether the same request was executed before: its operator may not have seen the answer.
    private static boolean isRepetition(
            GroupNote current,
            int version,
            Optional<String> owner,
            Optional<String> note,
            Operator operator) {
        return current.version() == version + 1
                && current.owner().equals(owner)
                && current.note().equals(note)
                && current.changedBy().equals(Optional.of(operator.subject()));
    }
}
