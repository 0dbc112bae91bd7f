package dev.orderflow.localcloud.stepfunctions;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One state of a definition that has been found valid.
///
/// What decides where the workflow goes is typed here; the data-flow fields (`Arguments`,
/// `Output`, `ResultPath` and their like) stay as written in [Head#fields()], because each state's
/// data flow reads them by name, which is also the name that errors must tell.
sealed interface State {

    Head head();

    /// @param name unique within the state machine
    /// @param language in which the state's expressions are written
    /// @param fields the state as written
    record Head(String name, Language language, ObjectNode fields) {

        /// The field, a missing node when absent.
        JsonNode field(String name) {
            return fields.path(name);
        }
    }

    /// @param next the state that follows, or null at the end of the flow
    record Transition(@Nullable String next) {}

    record Pass(Head head, Transition then) implements State {}

    record Task(
            Head head,
            Transition then,
            Integration integration,
            List<Retrier> retriers,
            List<Catcher> catchers)
            implements State {}

    /// @param otherwise the state of `Default`, null without one
    record Choice(Head head, List<Rule> rules, @Nullable String otherwise) implements State {}

    record Wait(Head head, Transition then) implements State {}

    record Succeed(Head head) implements State {}

    record Fail(Head head) implements State {}

    record Parallel(
            Head head,
            Transition then,
            List<Flow> branches,
            List<Retrier> retriers,
            List<Catcher> catchers)
            implements State {}

    record Iteration(
            Head head,
            Transition then,
            Flow processor,
            List<Retrier> retriers,
            List<Catcher> catchers)
            implements State {}

    /// A sequence of states with a start: a state machine, a branch or an item processor.
    record Flow(String startAt, Map<String, State> states) {

        State state(String name) {
            State state = states.get(name);
            if (state == null) {
                throw new IllegalStateException("no state '" + name + "' in a validated flow");
            }
            return state;
        }
    }

    /// @param index its place in `Choices`, which errors name
    record Rule(int index, String next, ObjectNode fields) {}

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
            case Pass _ -> "Pass";
            case Task _ -> "Task";
            case Choice _ -> "Choice";
            case Wait _ -> "Wait";
            case Succeed _ -> "Succeed";
            case Fail _ -> "Fail";
            case Parallel _ -> "Parallel";
            case Iteration _ -> "Map";
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
