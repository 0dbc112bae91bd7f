package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlan.PlannedItem;
import dev.orderflow.operations.redrive.RedriveTask.RedriveAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The second step of a redrive or a discard: what it would do, with each item.
public record RedrivePlanPage(PageContext context, RedrivePlan plan) {

    /// How many items a second are suggested.
    public static final int PER_SECOND = 5;

    private static final int EXAMPLES = 10;

    /// Whether the reader may start it.
    public boolean mayStart() {
        return context.may(OperatorRole.OPERATOR);
    }

    /// Whether it is a redrive, and not a discard.
    public boolean isRedrive() {
        return plan.action() == RedriveAction.REDRIVE;
    }

    /// Some of the items.
    public List<PlannedItem> examples() {
        return plan.items().stream().limit(EXAMPLES).toList();
    }

    /// How many items have each planned action.
    public Map<PlannedAction, Integer> counts() {
        return plan.countByAction();
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
