package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.deadletters.DeadLetterEditor.StoredEdit;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.redrive.Redrive.RedriveState;
import dev.orderflow.operations.redrive.RedriveGrade;
import java.time.Duration;
import java.util.Optional;

/// A running or ended redrive, its third step.
///
/// @param notice what the reader has just done
/// @param grade its result, compared with its plan
/// @param edit the edit that it sends; empty for others
public record RedrivePage(
        PageContext context,
        Optional<String> notice,
        Redrive redrive,
        RedriveGrade grade,
        Optional<StoredEdit> edit) {

    /// The words for what is redriven.
    public RedriveTarget target() {
        return RedriveTarget.of(redrive.target());
    }

    /// What it is, in a few words.
    public String title() {
        return RedriveTarget.verb(redrive.action())
                + " of "
                + RedriveTarget.describe(redrive.target());
    }

    /// Whether the reader may pause, resume and cancel it.
    public boolean mayControl() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// Whether it can still be changed.
    public boolean isOpen() {
        return redrive.state() == RedriveState.RUNNING || redrive.state() == RedriveState.PAUSED;
    }

    /// Whether it runs.
    public boolean isRunning() {
        return redrive.state() == RedriveState.RUNNING;
    }

    /// How many items it has dealt with.
    public int processed() {
        return redrive.done() + redrive.skipped() + redrive.blocked() + redrive.failed();
    }

    /// The length of a part of its bar, in pixels of `width`.
    public long part(int number, int width) {
        return processed() == 0 ? 0 : (long) number * width / processed();
    }

    /// How long it ran, or has run.
    public String duration() {
        return PageFormat.duration(
                Duration.between(redrive.startedAt(), redrive.endedAt().orElse(context.now())));
    }

    /// How well the plan predicted the result, in one sentence.
    public String comparison() {
        return "%d of %d as planned, %d different, %d not known yet."
                .formatted(grade.asPredicted(), grade.planned(), grade.different(), grade.open());
    }

    /// The colour of the comparison.
    public StateTone comparisonTone() {
        if (grade.different() > 0) {
            return StateTone.WARNING;
        }
        return grade.open() > 0 ? StateTone.ACTIVE : StateTone.GOOD;
    }

    /// The colour of a group of items.
    public static StateTone toneOf(RedriveGrade.GradeGroup group) {
        return switch (group.result()) {
            case CAME_BACK, NOT_PROCESSED, FAILED -> StateTone.BAD;
            case WAITING, PENDING -> StateTone.ACTIVE;
            case BLOCKED, NOT_RUN -> StateTone.WARNING;
            case SKIPPED -> StateTone.NEUTRAL;
            case PROCESSED, NOT_BACK, DISCARDED, DISMISSED -> StateTone.GOOD;
        };
    }
}
