package dev.orderflow.localcloud.stepfunctions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A state of a valid definition in the Amazon States Language.
///
/// Fields that control the flow are typed; data-flow fields (`Arguments`, `Output`, `ResultPath`
/// and others) stay as written in [StateHead#fields()], because the data flow reads them by the
/// name that errors report.
sealed interface AslState {

    StateHead head();

    /// @param name unique within the state machine
    /// @param language query language of the state's expressions
    /// @param fields the state as written
    record StateHead(String name, QueryLanguage language, ObjectNode fields) {

        /// Returns a field, or a missing node.
        JsonNode field(String name) {
            return fields.path(name);
        }
    }

    /// @param next the next state, or null if the state ends its graph
    record NextOrEnd(@Nullable String next) {}

    record PassState(StateHead head, NextOrEnd then) implements AslState {}

    record TaskState(
            StateHead head,
            NextOrEnd then,
            TaskResource integration,
            List<Retrier> retriers,
            List<Catcher> catchers)
            implements AslState {}

    /// @param otherwise state of `Default`, null when absent
    record ChoiceState(StateHead head, List<ChoiceRule> rules, @Nullable String otherwise)
            implements AslState {}

    record WaitState(StateHead head, NextOrEnd then) implements AslState {}

    record SucceedState(StateHead head) implements AslState {}

    record FailState(StateHead head) implements AslState {}

    record ParallelState(
            StateHead head,
            NextOrEnd then,
            List<StateGraph> branches,
            List<Retrier> retriers,
            List<Catcher> catchers)
            implements AslState {}

    record MapState(
            StateHead head,
            NextOrEnd then,
            StateGraph processor,
            List<Retrier> retriers,
            List<Catcher> catchers)
            implements AslState {}

    /// The states of a state machine, a branch or an item processor.
    record StateGraph(String startAt, Map<String, AslState> states) {

        AslState state(String name) {
            AslState state = states.get(name);
            if (state == null) {
                throw new IllegalStateException("no state '" + name + "' in a validated flow");
            }
            return state;
        }
    }

    /// @param index position in `Choices`, reported in errors
    record ChoiceRule(int index, String next, ObjectNode fields) {}

    /// @param index position in `Catch`, reported in errors
    record Catcher(int index, List<String> errors, String next, ObjectNode fields) {}

    /// @param maxDelaySeconds maximum wait, null for no limit
    record Retrier(
            List<String> errors,
            long intervalSeconds,
            long maxAttempts,
            double backoffRate,
            @Nullable Long maxDelaySeconds,
            boolean fullJitter) {}

    /// The type as history events report it.
    default String type() {
        return switch (this) {
            case PassState _ -> "Pass";
            case TaskState _ -> "Task";
            case ChoiceState _ -> "Choice";
            case WaitState _ -> "Wait";
            case SucceedState _ -> "Succeed";
            case FailState _ -> "Fail";
            case ParallelState _ -> "Parallel";
            case MapState _ -> "Map";
        };
    }

    /// The retriers of the state, empty if it cannot have any.
    default List<Retrier> retriers() {
        return List.of();
    }

    /// The catchers of the state, empty if it cannot have any.
    default List<Catcher> catchers() {
        return List.of();
    }
}
