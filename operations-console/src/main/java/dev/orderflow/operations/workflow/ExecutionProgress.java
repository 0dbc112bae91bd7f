package dev.orderflow.operations.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;

/// How far an execution has come.
///
/// @param status as Step Functions names it, such as `RUNNING`
/// @param states what happened in each state that it entered
public record ExecutionProgress(String status, Map<String, StateProgress> states) {

    /// What happened in a state.
    ///
    /// @param isDone whether the execution has left it
    /// @param failures how many attempts failed
    public record StateProgress(boolean isDone, int failures) {}

    /// Reads the events of an execution, the earliest first.
    static ExecutionProgress of(String status, List<HistoryEvent> events) {
        var states = new LinkedHashMap<String, StateProgress>();
        String current = "";
        for (var event : events) {
            if (event.stateEnteredEventDetails() != null) {
                current = event.stateEnteredEventDetails().name();
                states.putIfAbsent(current, new StateProgress(false, 0));
            } else if (event.stateExitedEventDetails() != null) {
                var name = event.stateExitedEventDetails().name();
                states.merge(
                        name,
                        new StateProgress(true, 0),
                        (before, _) -> new StateProgress(true, before.failures()));
            } else if (isFailedAttempt(event) && states.containsKey(current)) {
                states.computeIfPresent(
                        current,
                        (_, before) -> new StateProgress(before.isDone(), before.failures() + 1));
            }
        }
        return new ExecutionProgress(status, states);
    }

    private static boolean isFailedAttempt(HistoryEvent event) {
        return switch (event.type()) {
            case TASK_FAILED, TASK_TIMED_OUT, TASK_START_FAILED, TASK_SUBMIT_FAILED -> true;
            default -> false;
        };
    }
}
