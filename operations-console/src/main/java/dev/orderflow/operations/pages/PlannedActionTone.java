package dev.orderflow.operations.pages;

import dev.orderflow.operations.redrive.PlannedAction;

/// The colour of what is planned for a dead letter.
public final class PlannedActionTone {

    private PlannedActionTone() {}

    /// The colour.
    public static StateTone of(PlannedAction planned) {
        return switch (planned) {
            case REDRIVEN -> StateTone.GOOD;
            case SKIPPED -> StateTone.NEUTRAL;
            case BLOCKED -> StateTone.WARNING;
            case DISCARDED, DISMISSED -> StateTone.BAD;
        };
    }
}
