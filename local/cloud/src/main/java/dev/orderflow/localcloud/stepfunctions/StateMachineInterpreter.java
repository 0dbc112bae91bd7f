package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.BranchAbandonedException;
import dev.orderflow.localcloud.stepfunctions.Execution.BranchPosition;
import dev.orderflow.localcloud.stepfunctions.Execution.ExecutionBranch;
import dev.orderflow.localcloud.time.CloudClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs an execution through its states.
///
/// Every method requires the lock of the execution, which is released only while waiting or calling
/// a service.
final class StateMachineInterpreter {

    private static final Logger log = LoggerFactory.getLogger(StateMachineInterpreter.class);

    private final CloudClock clock;
    private final TaskRunner tasks;
    private final BranchRunner branches;

    StateMachineInterpreter(CloudClock clock, TaskIntegrations calls, TaskTokens tokens) {
        this.clock = clock;
        this.tasks = new TaskRunner(clock, calls, tokens);
        this.branches = new BranchRunner(this::walk);
    }

    /// The result of the states of an execution.
    sealed interface StatesResult {
        record StatesSucceeded(JsonNode output) implements StatesResult {}

        record StatesFailed(@Nullable String error, @Nullable String cause)
                implements StatesResult {}
    }

    /// Runs the execution from its position to its end.
    ///
    /// @param again whether this is a redrive
    StatesResult run(Execution execution, boolean again) {
        ExecutionBranch root = execution.root();
        try {
            return new StatesResult.StatesSucceeded(walk(execution, root, again));
        } catch (StateFailedException failure) {
            return new StatesResult.StatesFailed(failure.error(), failure.causeText());
        } catch (ExecutionHistory.HistoryFullException _) {
            return new StatesResult.StatesFailed(
                    StateFailedException.RUNTIME,
                    "The execution reached the maximum number of history events (%d)."
                            .formatted(ExecutionHistory.LIMIT));
        } catch (BranchAbandonedException e) {
            throw e;
        } catch (RuntimeException e) {
            log.error("The interpreter failed in execution {}", execution.arn, e);
            return new StatesResult.StatesFailed(
                    StateFailedException.RUNTIME, "The execution failed for an internal reason");
        }
    }

    private JsonNode walk(Execution execution, ExecutionBranch branch, boolean again) {
        boolean resumed = again;
        while (true) {
            BranchPosition at = branch.position;
            AslState state = branch.flow.state(at.state);
            NextState next = visit(execution, branch, state, resumed);
            resumed = false;
            if (next.state == null) {
                return next.output;
            }
            branch.position = new BranchPosition(next.state, next.output, at.variables);
        }
    }

    /// @param state null at the end of the graph
    private record NextState(@Nullable String state, JsonNode output) {}

    private NextState visit(
            Execution execution, ExecutionBranch branch, AslState state, boolean resumed) {
        execution.requireNotAbandoned(branch);
        BranchPosition at = branch.position;
        boolean entered = resumed && branch.open == state;
        if (!entered) {
            ObjectNode details =
                    ExecutionHistory.payload(StepFunctionsJson.object(), "input", at.input);
            details.put("name", state.head().name());
            at.enteredId =
                    execution.addEvent(
                            branch,
                            state.type() + "StateEntered",
                            "stateEnteredEventDetails",
                            details);
            branch.open = state;
        }
        Instant enteredAt = clock.instant();
        RetryCounters attempts = new RetryCounters(state.retriers());
        boolean fresh = !entered;
        while (true) {
            ObjectNode context =
                    StateContext.of(execution, branch, state, enteredAt, attempts.total());
            try {
                CompletedState done = execute(execution, branch, state, context, fresh);
                return exit(execution, branch, state, done);
            } catch (StateFailedException raw) {
                StateFailedException failure = report(execution, branch, state, raw);
                fresh = true;
                if (failure.isFinal()) {
                    throw failure;
                }
                Duration delay = attempts.delayBefore(failure);
                if (delay != null) {
                    sleep(execution, branch, delay);
                    continue;
                }
                if (failure.isBranchFailure()) {
                    execution.addEvent(
                            branch, state.type() + "StateFailed", null, StepFunctionsJson.object());
                }
                CompletedState caught = caught(execution, branch, state, context, failure);
                if (caught == null) {
                    throw failure;
                }
                return exit(execution, branch, state, caught);
            }
        }
    }

    /// The output of a completed state and the next state.
    private record CompletedState(StateDataFlow.StateOutput output, @Nullable String next) {}

    private NextState exit(
            Execution execution, ExecutionBranch branch, AslState state, CompletedState done) {
        JsonNode output = done.output.output();
        ObjectNode details = StepFunctionsJson.object();
        if (!done.output.variables().isEmpty()) {
            ObjectNode assigned = details.putObject("assignedVariables");
            done.output
                    .variables()
                    .forEach((name, value) -> assigned.put(name, StepFunctionsJson.text(value)));
            details.putObject("assignedVariablesDetails").put("truncated", false);
        }
        details.put("name", state.head().name());
        ExecutionHistory.payload(details, "output", output);
        execution.addEvent(
                branch, state.type() + "StateExited", "stateExitedEventDetails", details);
        branch.open = null;
        if (!done.output.variables().isEmpty()) {
            var variables = new HashMap<>(branch.position.variables);
            variables.putAll(done.output.variables());
            branch.position.variables = variables;
        }
        return new NextState(done.next, output);
    }

    /// Adds the events of a failure, and its state to its cause.
    private StateFailedException report(
            Execution execution,
            ExecutionBranch branch,
            AslState state,
            StateFailedException failure) {
        StateFailedException failureWithState =
                failure.withStateContext(state.head().name(), branch.position.enteredId);
        if (failure.origin() == StateFailedException.FailureOrigin.EXPRESSION) {
            ObjectNode details = StepFunctionsJson.object();
            ExecutionHistory.failure(
                    details, failureWithState.error(), failureWithState.causeText());
            details.put("location", failure.location());
            details.put("state", state.head().name());
            branch.last =
                    execution
                            .history
                            .addOwnPredecessor(
                                    "EvaluationFailed", "evaluationFailedEventDetails", details)
                            .id();
        }
        return failureWithState;
    }

    private @Nullable CompletedState caught(
            Execution execution,
            ExecutionBranch branch,
            AslState state,
            ObjectNode context,
            StateFailedException failure) {
        for (AslState.Catcher catcher : state.catchers()) {
            if (catcher.errors().stream().anyMatch(failure::matches)) {
                try {
                    StateDataFlow flow =
                            StateDataFlow.of(
                                    state.head(),
                                    branch.position.input,
                                    context,
                                    branch.position.variables);
                    return new CompletedState(
                            flow.catchOutput(catcher, failure.output()), catcher.next());
                } catch (StateFailedException inCatcher) {
                    throw report(execution, branch, state, inCatcher);
                }
            }
        }
        return null;
    }

    private CompletedState execute(
            Execution execution,
            ExecutionBranch branch,
            AslState state,
            ObjectNode context,
            boolean fresh) {
        BranchPosition at = branch.position;
        if (state instanceof AslState.TaskState task) {
            return new CompletedState(
                    PayloadLimit.require(task, tasks.run(execution, branch, task, context)),
                    task.then().next());
        }
        StateDataFlow flow = StateDataFlow.of(state.head(), at.input, context, at.variables);
        return switch (state) {
            case AslState.PassState(_, AslState.NextOrEnd then) ->
                    completedState(state, flow.resultOutput(flow.passResult()), then);
            case AslState.SucceedState(_) ->
                    new CompletedState(PayloadLimit.require(state, flow.passThroughOutput()), null);
            case AslState.WaitState(_, AslState.NextOrEnd then) -> {
                sleep(execution, branch, flow.waitDuration(clock.instant()));
                yield completedState(state, flow.passThroughOutput(), then);
            }
            case AslState.ChoiceState(_, List<AslState.ChoiceRule> rules, String otherwise) ->
                    choose(state, flow, rules, otherwise);
            case AslState.FailState(_) -> {
                String error = flow.failText("Error");
                throw StateFailedException.reported(error, flow.failText("Cause"));
            }
            case AslState.ParallelState parallel -> {
                JsonNode result =
                        asBranchFailure(
                                () ->
                                        branches.runParallel(
                                                execution, branch, parallel, flow, fresh));
                yield completedState(state, flow.resultOutput(result), parallel.then());
            }
            case AslState.MapState map -> {
                JsonNode result =
                        asBranchFailure(
                                () ->
                                        branches.runMap(
                                                execution, branch, map, flow, context, fresh));
                yield completedState(state, flow.resultOutput(result), map.then());
            }
            case AslState.TaskState _ ->
                    throw new IllegalStateException("Task states are handled by TaskRunner");
        };
    }

    private static JsonNode asBranchFailure(Supplier<JsonNode> work) {
        try {
            return work.get();
        } catch (StateFailedException failure) {
            throw failure.asBranchFailure();
        }
    }

    private static CompletedState completedState(
            AslState state, StateDataFlow.StateOutput step, AslState.NextOrEnd then) {
        return new CompletedState(PayloadLimit.require(state, step), then.next());
    }

    private static CompletedState choose(
            AslState state,
            StateDataFlow flow,
            List<AslState.ChoiceRule> rules,
            @Nullable String otherwise) {
        for (AslState.ChoiceRule rule : rules) {
            if (flow.matches(rule)) {
                return new CompletedState(
                        PayloadLimit.require(state, flow.choiceOutput(rule)), rule.next());
            }
        }
        if (otherwise == null) {
            throw StateFailedException.runtime(
                    "Failed to transition out of the state. The state does not point to a next state.");
        }
        return new CompletedState(PayloadLimit.require(state, flow.choiceOutput(null)), otherwise);
    }

    /// Waits for a duration of cloud time and releases the lock meanwhile.
    private void sleep(Execution execution, ExecutionBranch branch, Duration cloudTime) {
        execution.sleep(clock, cloudTime);
        execution.requireNotAbandoned(branch);
    }
}
