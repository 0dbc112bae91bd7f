package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlan.PlannedItem;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The second step of a redrive or a discard: what it would do, with each item.
public record RedrivePlanPage(PageContext context, RedrivePlan plan) {

    /// How many items a second are suggested.
    public static final int PER_SECOND = 5;

    private static final int EXAMPLES = 10;

    /// Whether items are still added.
    public boolean isPlanning() {
        return !plan.isReady() && !plan.hasFailed(context.now());
    }

    /// Why it has failed; empty when it has not.
    public Optional<String> failure() {
        return plan.hasFailed(context.now())
                ? Optional.of(
                        plan.note().orElse("the console stopped while it was made; make a new one"))
                : Optional.empty();
    }

    /// Whether the reader may start it.
    public boolean mayStart() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// The words for what is redriven.
    public RedriveTarget target() {
        return RedriveTarget.of(plan.target());
    }

    /// What is done.
    public String verb() {
        return RedriveTarget.verb(plan.action());
    }

    /// Whether it discards, and so can be undone for a while.
    public boolean isDiscard() {
        return plan.action() == RedriveAction.DISCARD;
    }

    /// Whether it is a redrive, and not a discard or a dismissal.
    public boolean isRedrive() {
        return plan.action() == RedriveAction.REDRIVE;
    }

    /// Some of the items.
    public List<PlannedItem> examples() {
        return plan.items().stream().limit(EXAMPLES).toList();
    }

    /// How many items have each planned action.
    public Map<PlannedAction, Integer> counts() {
        return plan.counts();
    }

    /// How many items would be moved or deleted.
    public int moved() {
        return counts().entrySet().stream()
                .filter(
                        count ->
                                switch (count.getKey()) {
                                    case REDRIVEN, DISCARDED, DISMISSED -> true;
                                    case SKIPPED, BLOCKED -> false;
                                })
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /// How long it would take at the suggested rate.
    public String duration() {
        return PageFormat.duration(Duration.ofSeconds(Math.max(1, moved() / PER_SECOND)));
    }
}
