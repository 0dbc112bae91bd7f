package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.deadletters.DeadLetterGroups.DeadLetterGroup;
import dev.orderflow.operations.deadletters.DeadLetterGroups.GroupNote;
import java.util.List;
import java.util.Optional;

/// The dead letters with one cause, with the owner and the note that operators gave to them.
///
/// @param done what the reader has just done
/// @param groups one for each queue; empty when the dead letters are gone
/// @param note what is written now
/// @param refused what the reader wrote and what was not saved; empty when nothing was refused
public record DeadLetterGroupPage(
        PageContext context,
        Optional<String> done,
        String fingerprint,
        List<DeadLetterGroup> groups,
        GroupNote note,
        Optional<EnteredNote> refused) {

    /// An owner and a note as they were entered.
    public record EnteredNote(String owner, String note) {}

    /// Whether the reader may change owner and note, and redrive.
    public boolean mayChange() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// How many messages there are.
    public int count() {
        return groups.stream().mapToInt(DeadLetterGroup::count).sum();
    }

    /// The owner in the form.
    public String owner() {
        return refused.map(EnteredNote::owner).orElse(note.owner().orElse(""));
    }

    /// The note in the form.
    public String noteText() {
        return refused.map(EnteredNote::note).orElse(note.note().orElse(""));
    }

    /// Why nothing was saved, in one sentence.
    public String conflict() {
        return "%s changed owner and note after you had opened this page. Nothing was saved."
                .formatted(note.changedByName().orElse("Another operator"));
    }

    /// The address that changes owner and note.
    public String notePath() {
        return DeadLettersPage.groupOf(fingerprint) + "/note";
    }
}
