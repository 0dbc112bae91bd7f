package dev.orderflow.localcloud.stepfunctions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One state of a definition that has been found valid.
///
/// What decides where the workflow goes is typed here; the data-flow fields (`Arguments`, `Output`,
/// `ResultPath` and their like) stay as written in [StateHead#fields()], because each state's data
/// flow reads them by name, which is also the name that errors must tell.
sealed interface AslState {

    StateHead head();

    /// @param name unique within the state machine
    /// @param language in which the state's expressions are written
    /// @param fields the state as written
    record StateHead(String name, QueryLanguage language, ObjectNode fields) {

        /// The field, a missing node when absent.
        JsonNode field(String name) {
            return fields.path(name);
        }
    }

    /// @param next the state that follows, or null at the end of the flow
    record NextOrEnd(@Nullable String next) {}

    record PassState(StateHead head, NextOrEnd then) implements AslState {}

    record TaskState(
            StateHead head,
            NextOrEnd then,
            TaskResource integration,
            List<Retrier> retriers,
            List<Catcher> catchers)
            implements AslState {}

    /// @param otherwise the state of `Default`, null without one
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

    /// A sequence of states with a start: a state machine, a branch or an item processor.
    record StateGraph(String startAt, Map<String, AslState> states) {

        AslState state(String name) {
            AslState state = states.get(name);
            if (state == null) {
                throw new IllegalStateException("no state '" + name + "' in a validated flow");
            }
            return state;
        }
    }

    /// @param index its place in `Choices`, which errors name
    record ChoiceRule(int index, String next, ObjectNode fields) {}

    /// @param index its place in `Catch`, which errors name
    record Catcher(int index, List<String> errors, String next, ObjectNode fields) {}

    /// @param maxDelaySeconds the longest wait, null for no bound
    record Retrier(
            List<String> errors,
            long intervalSeconds,
            long maxAttempts,
            double backoffRate,
            @Nullable Long maxDelaySeconds,
            boolean fullJitter) {}

    /// The type as history events name it.
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

    /// Who may retry this state.
    default List<Retrier> retriers() {
        return List.of();
    }

    /// Who may catch this state's failure.
    default List<Catcher> catchers() {
        return List.of();
    }
}
