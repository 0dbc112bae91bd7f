package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.BranchAbandonedException;
import dev.orderflow.localcloud.stepfunctions.Execution.BranchGroup;
import dev.orderflow.localcloud.stepfunctions.Execution.BranchPosition;
import dev.orderflow.localcloud.stepfunctions.Execution.ChildBranch;
import dev.orderflow.localcloud.stepfunctions.Execution.ExecutionBranch;
import dev.orderflow.localcloud.time.CloudClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs an execution through its states.
///
/// Every method requires the lock of the execution, which is released only while waiting or calling
/// a service.
final class StateMachineInterpreter {

    private static final Logger log = LoggerFactory.getLogger(StateMachineInterpreter.class);

    /// The maximum size of an input, output or argument of a state, in bytes of UTF-8.
    static final int PAYLOAD_LIMIT = 262_144;

    /// The number of iterations of an inline Map that AWS runs concurrently.
    private static final int CONCURRENCY_LIMIT = 40;

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final CloudClock clock;
    private final TaskIntegrations calls;
    private final TaskTokens tokens;

    StateMachineInterpreter(CloudClock clock, TaskIntegrations calls, TaskTokens tokens) {
        this.clock = clock;
        this.calls = calls;
        this.tokens = tokens;
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
                    add(
                            execution,
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
                    add(
                            execution,
                            branch,
                            state.type() + "StateFailed",
                            null,
                            StepFunctionsJson.object());
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
        add(execution, branch, state.type() + "StateExited", "stateExitedEventDetails", details);
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
            return task(execution, branch, task, context);
        }
        StateDataFlow flow = StateDataFlow.of(state.head(), at.input, context, at.variables);
        return switch (state) {
            case AslState.PassState(_, AslState.NextOrEnd then) ->
                    completedState(state, flow.resultOutput(flow.passResult()), then);
            case AslState.SucceedState(_) ->
                    new CompletedState(requirePayloadLimit(state, flow.passThroughOutput()), null);
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
                        branches(() -> parallel(execution, branch, parallel, flow, fresh));
                yield completedState(state, flow.resultOutput(result), parallel.then());
            }
            case AslState.MapState map -> {
                JsonNode result =
                        branches(() -> iterate(execution, branch, map, flow, context, fresh));
                yield completedState(state, flow.resultOutput(result), map.then());
            }
            case AslState.TaskState _ ->
                    throw new IllegalStateException("Task states are handled by runTask");
        };
    }

    private static JsonNode branches(Supplier<JsonNode> work) {
        try {
            return work.get();
        } catch (StateFailedException failure) {
            throw failure.asBranchFailure();
        }
    }

    private static CompletedState completedState(
            AslState state, StateDataFlow.StateOutput step, AslState.NextOrEnd then) {
        return new CompletedState(requirePayloadLimit(state, step), then.next());
    }

    private static StateDataFlow.StateOutput requirePayloadLimit(
            AslState state, StateDataFlow.StateOutput step) {
        requirePayloadLimit(state, step.output());
        return step;
    }

    private static void requirePayloadLimit(AslState state, JsonNode payload) {
        String text = StepFunctionsJson.text(payload);
        if (text.length() > PAYLOAD_LIMIT
                || text.length() > PAYLOAD_LIMIT / 3
                        && text.getBytes(StandardCharsets.UTF_8).length > PAYLOAD_LIMIT) {
            throw StateFailedException.reported(
                    StateFailedException.DATA_LIMIT,
                    "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
                            .formatted(state.head().name()));
        }
    }

    private static CompletedState choose(
            AslState state,
            StateDataFlow flow,
            List<AslState.ChoiceRule> rules,
            @Nullable String otherwise) {
        for (AslState.ChoiceRule rule : rules) {
            if (flow.matches(rule)) {
                return new CompletedState(
                        requirePayloadLimit(state, flow.choiceOutput(rule)), rule.next());
            }
        }
        if (otherwise == null) {
            throw StateFailedException.runtime(
                    "Failed to transition out of the state. The state does not point to a next state.");
        }
        return new CompletedState(requirePayloadLimit(state, flow.choiceOutput(null)), otherwise);
    }

    // ---- tasks

    private CompletedState task(
            Execution execution,
            ExecutionBranch branch,
            AslState.TaskState task,
            ObjectNode context) {
        BranchPosition at = branch.position;
        var pending = new PendingTask(execution, clock);
        @Nullable String token = null;
        if (task.integration().pattern().hasToken()) {
            token = tokens.issue(pending);
            context.putObject("Task").put("Token", token);
        }
        try {
            StateDataFlow flow = StateDataFlow.of(task.head(), at.input, context, at.variables);
            JsonNode arguments = flow.arguments();
            requirePayloadLimit(task, arguments);
            Duration timeout = flow.seconds("TimeoutSeconds");
            Duration heartbeat = flow.seconds("HeartbeatSeconds");
            JsonNode result =
                    perform(execution, branch, task, arguments, timeout, heartbeat, pending);
            return completedState(task, flow.resultOutput(result), task.then());
        } finally {
            pending.close();
            if (token != null) {
                tokens.forget(token);
            }
        }
    }

    private JsonNode perform(
            Execution execution,
            ExecutionBranch branch,
            AslState.TaskState task,
            JsonNode arguments,
            @Nullable Duration timeout,
            @Nullable Duration heartbeat,
            PendingTask pending) {
        TaskResource integration = task.integration();
        ObjectNode scheduled = StepFunctionsJson.object();
        if (heartbeat != null) {
            scheduled.put("heartbeatInSeconds", heartbeat.toSeconds());
        }
        scheduled.put("parameters", StepFunctionsJson.text(arguments));
        scheduled.put("region", execution.machine.region());
        named(scheduled, integration);
        if (timeout != null) {
            scheduled.put("timeoutInSeconds", timeout.toSeconds());
        }
        add(execution, branch, "TaskScheduled", "taskScheduledEventDetails", scheduled);
        add(
                execution,
                branch,
                "TaskStarted",
                "taskStartedEventDetails",
                named(StepFunctionsJson.object(), integration));
        Instant startedAt = clock.instant();

        PendingTask.TaskResult answer =
                execution.callUnlocked(
                        branch,
                        () -> calls.call(integration, arguments, execution, timeout, pending));
        boolean waits = integration.pattern().hasToken();
        if (waits) {
            if (answer instanceof PendingTask.TaskResult.TaskSucceeded(JsonNode output)) {
                ObjectNode submitted =
                        ExecutionHistory.payload(StepFunctionsJson.object(), "output", output);
                add(
                        execution,
                        branch,
                        "TaskSubmitted",
                        "taskSubmittedEventDetails",
                        named(submitted, integration));
            } else if (answer
                    instanceof PendingTask.TaskResult.TaskFailed(String error, String cause)) {
                ObjectNode failed =
                        ExecutionHistory.failure(StepFunctionsJson.object(), error, cause);
                add(
                        execution,
                        branch,
                        "TaskSubmitFailed",
                        "taskSubmitFailedEventDetails",
                        named(failed, integration));
                throw StateFailedException.reported(error, cause);
            }
            try {
                answer = pending.await(clock, startedAt, timeout, heartbeat);
            } catch (InterruptedException _) {
                throw new BranchAbandonedException();
            }
            execution.requireNotAbandoned(branch);
        }
        return settle(execution, branch, task, answer);
    }

    private JsonNode settle(
            Execution execution,
            ExecutionBranch branch,
            AslState.TaskState task,
            PendingTask.TaskResult outcome) {
        TaskResource integration = task.integration();
        switch (outcome) {
            case PendingTask.TaskResult.TaskSucceeded(JsonNode output) -> {
                requirePayloadLimit(task, output);
                ObjectNode details =
                        ExecutionHistory.payload(StepFunctionsJson.object(), "output", output);
                add(
                        execution,
                        branch,
                        "TaskSucceeded",
                        "taskSucceededEventDetails",
                        named(details, integration));
                return output;
            }
            case PendingTask.TaskResult.TaskFailed(String error, String cause) -> {
                ObjectNode details =
                        ExecutionHistory.failure(StepFunctionsJson.object(), error, cause);
                add(
                        execution,
                        branch,
                        "TaskFailed",
                        "taskFailedEventDetails",
                        named(details, integration));
                throw StateFailedException.reported(error, cause);
            }
            case PendingTask.TaskResult.TaskTimedOut(boolean ofHeartbeat) -> {
                ObjectNode details =
                        ExecutionHistory.failure(
                                StepFunctionsJson.object(), StateFailedException.TIMEOUT, null);
                add(
                        execution,
                        branch,
                        "TaskTimedOut",
                        "taskTimedOutEventDetails",
                        named(details, integration));
                throw ofHeartbeat
                        ? StateFailedException.heartbeatTimeout()
                        : StateFailedException.reported(StateFailedException.TIMEOUT, null);
            }
        }
    }

    private static ObjectNode named(ObjectNode details, TaskResource integration) {
        details.put("resource", integration.resource());
        details.put("resourceType", integration.resourceType());
        return details;
    }

    // ---- branches

    private JsonNode parallel(
            Execution execution,
            ExecutionBranch branch,
            AslState.ParallelState parallel,
            StateDataFlow flow,
            boolean fresh) {
        BranchPosition at = branch.position;
        if (fresh || at.children.isEmpty()) {
            at.children.clear();
            JsonNode input = flow.arguments();
            requirePayloadLimit(parallel, input);
            add(execution, branch, "ParallelStateStarted", null, StepFunctionsJson.object());
            for (int i = 0; i < parallel.branches().size(); i++) {
                AslState.StateGraph graph = parallel.branches().get(i);
                at.children.put(
                        i,
                        new ChildBranch(
                                null,
                                new ExecutionBranch(
                                        graph,
                                        new BranchPosition(graph.startAt(), input, at.variables),
                                        branch.last,
                                        branch.mapItem,
                                        branch.group)));
            }
        }
        var join = new BranchJoin(execution, new BranchGroup(branch.group));
        at.children.forEach(
                (index, child) -> {
                    if (child.output() == null) {
                        boolean resumed = !fresh;
                        ExecutionBranch mine = child.branch().copyInto(join.group);
                        at.children.put(index, new ChildBranch(null, mine));
                        join.expected++;
                        execution.start(
                                join.group,
                                () ->
                                        join.run(
                                                mine,
                                                () ->
                                                        branch(
                                                                execution, at, index, mine, join,
                                                                resumed)));
                    }
                });
        BranchJoin.BranchFailure failed = join.await(execution, branch);
        if (failed != null) {
            throw failBranches(execution, branch, at, failed, null);
        }
        long before = join.lastId == 0 ? branch.last : join.lastId;
        execution.history.add(before, "ParallelStateSucceeded", null, StepFunctionsJson.object());
        branch.last = before;
        return outputs(at);
    }

    private void branch(
            Execution execution,
            BranchPosition at,
            int index,
            ExecutionBranch mine,
            BranchJoin join,
            boolean resumed) {
        JsonNode output = walk(execution, mine, resumed);
        at.children.put(index, new ChildBranch(output, mine));
        join.lastId = mine.last;
    }

    private static ArrayNode outputs(BranchPosition at) {
        ArrayNode array = StepFunctionsJson.NODES.arrayNode(at.children.size());
        for (int i = 0; i < at.children.size(); i++) {
            ChildBranch child = at.children.get(i);
            JsonNode output = child == null ? null : child.output();
            if (output == null) {
                throw new IllegalStateException("branch " + i + " has no output");
            }
            array.add(output);
        }
        return array;
    }

    private JsonNode iterate(
            Execution execution,
            ExecutionBranch branch,
            AslState.MapState map,
            StateDataFlow flow,
            ObjectNode context,
            boolean fresh) {
        BranchPosition at = branch.position;
        ArrayNode items = flow.items();
        int concurrency = flow.maxConcurrency();
        if (fresh) {
            at.children.clear();
            add(
                    execution,
                    branch,
                    "MapStateStarted",
                    "mapStateStartedEventDetails",
                    StepFunctionsJson.object().put("length", items.size()));
        }
        var queue = new ArrayDeque<Integer>();
        for (int i = 0; i < items.size(); i++) {
            ChildBranch child = at.children.get(i);
            if (child == null || child.output() == null) {
                queue.add(i);
            }
        }
        int workers =
                Math.min(
                        queue.size(),
                        concurrency == 0
                                ? CONCURRENCY_LIMIT
                                : Math.min(concurrency, CONCURRENCY_LIMIT));
        var join = new BranchJoin(execution, new BranchGroup(branch.group));
        long startedId = branch.last;
        for (int w = 0; w < workers; w++) {
            join.expected++;
            execution.start(
                    join.group,
                    () -> worker(execution, at, map, flow, items, context, queue, startedId, join));
        }
        BranchJoin.BranchFailure failed = join.await(execution, branch);
        if (failed != null) {
            throw failBranches(execution, branch, at, failed, map.head().name());
        }
        long before = join.lastId == 0 ? branch.last : join.lastId;
        execution.history.add(before, "MapStateSucceeded", null, StepFunctionsJson.object());
        branch.last = before;
        return outputs(at);
    }

    /// Processes items one after the other, as each concurrent worker of a Map does.
    private void worker(
            Execution execution,
            BranchPosition at,
            AslState.MapState map,
            StateDataFlow flow,
            ArrayNode items,
            ObjectNode context,
            Deque<Integer> queue,
            long startedId,
            BranchJoin join) {
        long previous = startedId;
        while (true) {
            if (join.group.isAbandoned()) {
                return;
            }
            Integer index = queue.poll();
            if (index == null) {
                join.finished();
                return;
            }
            ChildBranch before = at.children.get(index);
            boolean resumed = before != null;
            ObjectNode item = StepFunctionsJson.object();
            item.put("Index", index);
            item.set("Value", items.get(index));
            ExecutionBranch mine =
                    before != null
                            ? before.branch().copyInto(join.group)
                            : new ExecutionBranch(
                                    map.processor(),
                                    new BranchPosition(
                                            map.processor().startAt(),
                                            items.get(index),
                                            at.variables),
                                    previous,
                                    item,
                                    join.group);
            at.children.put(index, new ChildBranch(null, mine));
            boolean done =
                    join.attempt(
                            mine,
                            () -> {
                                if (!resumed) {
                                    ObjectNode itemContext = context.deepCopy();
                                    itemContext.putObject("Map").set("Item", item);
                                    mine.position.input =
                                            flow.itemInput(items.get(index), itemContext);
                                    add(
                                            execution,
                                            mine,
                                            "MapIterationStarted",
                                            "mapIterationStartedEventDetails",
                                            iteration(map, index));
                                }
                                JsonNode output = walk(execution, mine, resumed);
                                at.children.put(index, new ChildBranch(output, mine));
                                join.lastId =
                                        execution
                                                .history
                                                .add(
                                                        mine.last,
                                                        "MapIterationSucceeded",
                                                        "mapIterationSucceededEventDetails",
                                                        iteration(map, index))
                                                .id();
                            });
            if (!done) {
                return;
            }
            previous = mine.last;
        }
    }

    private static ObjectNode iteration(AslState.MapState map, int index) {
        return StepFunctionsJson.object().put("index", index).put("name", map.head().name());
    }

    /// Abandons the other branches, adds the events that AWS adds, and fails the state.
    ///
    /// @return the exception to throw
    private RuntimeException failBranches(
            Execution execution,
            ExecutionBranch branch,
            BranchPosition at,
            BranchJoin.BranchFailure failure,
            @Nullable String mapName) {
        ExecutionBranch failed = failure.branch();
        if (failure.isUncatchable()) {
            branch.last = failed.last;
            return failure.error();
        }
        var unfinished =
                at.children.entrySet().stream()
                        .filter(e -> e.getValue().output() == null)
                        .sorted(
                                Comparator.comparing(
                                        (Map.Entry<Integer, ChildBranch> e) ->
                                                e.getValue().branch() != failed))
                        .toList();
        for (var entry : unfinished) {
            ExecutionBranch sibling = entry.getValue().branch();
            AslState open = sibling.open;
            if (open instanceof AslState.TaskState
                    || open instanceof AslState.WaitState
                    || open instanceof AslState.ParallelState
                    || open instanceof AslState.MapState) {
                execution.history.add(
                        sibling.last,
                        open.type() + "StateAborted",
                        null,
                        StepFunctionsJson.object());
            }
            if (mapName != null) {
                boolean mine = sibling == failed;
                execution.history.add(
                        sibling.last,
                        mine ? "MapIterationFailed" : "MapIterationAborted",
                        mine ? "mapIterationFailedEventDetails" : "mapIterationAbortedEventDetails",
                        StepFunctionsJson.object()
                                .put("index", entry.getKey())
                                .put("name", mapName));
            }
        }
        branch.last = failed.last;
        return failure.error();
    }

    // ---- waiting

    /// Waits for a duration of cloud time and releases the lock meanwhile.
    private void sleep(Execution execution, ExecutionBranch branch, Duration cloudTime) {
        execution.sleep(clock, cloudTime);
        execution.requireNotAbandoned(branch);
    }

    static String time(Instant instant) {
        return MILLIS.format(instant);
    }

    /// Appends an event to the branch.
    private static long add(
            Execution execution,
            ExecutionBranch branch,
            String type,
            @Nullable String detailsField,
            ObjectNode details) {
        branch.last = execution.history.add(branch.last, type, detailsField, details).id();
        return branch.last;
    }
}
