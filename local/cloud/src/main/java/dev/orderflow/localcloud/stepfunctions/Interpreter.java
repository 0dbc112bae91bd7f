package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.Abandoned;
import dev.orderflow.localcloud.stepfunctions.Execution.Child;
import dev.orderflow.localcloud.stepfunctions.Execution.Group;
import dev.orderflow.localcloud.stepfunctions.Execution.Position;
import dev.orderflow.localcloud.stepfunctions.Execution.Strand;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Walks an execution through its states.
///
/// Every method runs with the execution's baton in hand; it is let go only while waiting or
/// calling out.
final class Interpreter {

    private static final Logger LOG = LoggerFactory.getLogger(Interpreter.class);

    /// The longest input, output or argument of a state, in bytes of UTF-8.
    static final int PAYLOAD_LIMIT = 262_144;

    /// How many iterations of an inline Map AWS runs at once.
    private static final int CONCURRENCY_LIMIT = 40;

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final CloudClock clock;
    private final TaskCalls calls;
    private final TaskTokens tokens;

    Interpreter(CloudClock clock, TaskCalls calls, TaskTokens tokens) {
        this.clock = clock;
        this.calls = calls;
        this.tokens = tokens;
    }

    /// How a whole execution went, as far as its states decide it.
    sealed interface Ending {
        record Succeeded(JsonNode output) implements Ending {}

        record Failed(@Nullable String error, @Nullable String cause) implements Ending {}
    }

    /// Runs the execution from where it is to its end.
    ///
    /// @param again whether it had been here before, and failed
    Ending run(Execution x, boolean again) {
        Strand root = x.root();
        try {
            return new Ending.Succeeded(walk(x, root, again));
        } catch (StateFailure f) {
            return new Ending.Failed(f.error(), f.causeText());
        } catch (History.Full f) {
            return new Ending.Failed(
                    StateFailure.RUNTIME,
                    "The execution reached the maximum number of history events (%d)."
                            .formatted(History.LIMIT));
        } catch (Abandoned e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("The interpreter failed in execution {}", x.arn, e);
            return new Ending.Failed(
                    StateFailure.RUNTIME, "The execution failed for an internal reason");
        }
    }

    private JsonNode walk(Execution x, Strand strand, boolean again) {
        boolean resumed = again;
        while (true) {
            Position at = strand.position;
            State state = strand.flow.state(at.state);
            Next next = visit(x, strand, state, resumed);
            resumed = false;
            if (next.state == null) {
                return next.output;
            }
            strand.position = new Position(next.state, next.output, at.variables);
        }
    }

    /// @param state null at the end of the flow
    private record Next(@Nullable String state, JsonNode output) {}

    private Next visit(Execution x, Strand strand, State state, boolean resumed) {
        x.checkWanted(strand);
        Position at = strand.position;
        boolean entered = resumed && strand.open == state;
        if (!entered) {
            ObjectNode details = History.payload(Json.object(), "input", at.input);
            details.put("name", state.head().name());
            at.enteredId =
                    add(
                            x,
                            strand,
                            state.type() + "StateEntered",
                            "stateEnteredEventDetails",
                            details);
            strand.open = state;
        }
        Instant enteredAt = clock.instant();
        Attempts attempts = new Attempts(state.retriers());
        boolean fresh = !entered;
        while (true) {
            ObjectNode context = context(x, strand, state, enteredAt, attempts.total);
            try {
                Done done = execute(x, strand, state, context, fresh);
                return exit(x, strand, state, done);
            } catch (StateFailure raw) {
                StateFailure failure = report(x, strand, state, raw);
                fresh = true;
                if (failure.isFinal()) {
                    throw failure;
                }
                Duration delay = attempts.delayBefore(failure);
                if (delay != null) {
                    pause(x, strand, delay);
                    continue;
                }
                if (failure.isOfBranches()) {
                    add(x, strand, state.type() + "StateFailed", null, Json.object());
                }
                Done caught = caught(x, strand, state, context, failure);
                if (caught == null) {
                    throw failure;
                }
                return exit(x, strand, state, caught);
            }
        }
    }

    /// What is left to do when a state is over: hand on, set variables, go on.
    private record Done(DataFlow.Step step, @Nullable String next) {}

    private Next exit(Execution x, Strand strand, State state, Done done) {
        JsonNode output = done.step.output();
        ObjectNode details = Json.object();
        if (!done.step.assigned().isEmpty()) {
            ObjectNode assigned = details.putObject("assignedVariables");
            done.step.assigned().forEach((name, value) -> assigned.put(name, Json.text(value)));
            details.putObject("assignedVariablesDetails").put("truncated", false);
        }
        details.put("name", state.head().name());
        History.payload(details, "output", output);
        add(x, strand, state.type() + "StateExited", "stateExitedEventDetails", details);
        strand.open = null;
        if (!done.step.assigned().isEmpty()) {
            var variables = new HashMap<>(strand.position.variables);
            variables.putAll(done.step.assigned());
            strand.position.variables = variables;
        }
        return new Next(done.next, output);
    }

    /// Leaves the events a failure leaves, and tells its cause from the state it happened in.
    private StateFailure report(Execution x, Strand strand, State state, StateFailure failure) {
        StateFailure told = failure.inState(state.head().name(), strand.position.enteredId);
        if (failure.origin() == StateFailure.Origin.EXPRESSION) {
            ObjectNode details = Json.object();
            History.failure(details, told.error(), told.causeText());
            details.put("location", failure.location());
            details.put("state", state.head().name());
            strand.last =
                    x.history
                            .addOwnPredecessor(
                                    "EvaluationFailed", "evaluationFailedEventDetails", details)
                            .id();
        }
        return told;
    }

    private @Nullable Done caught(
            Execution x, Strand strand, State state, ObjectNode context, StateFailure failure) {
        for (State.Catcher catcher : state.catchers()) {
            if (catcher.errors().stream().anyMatch(failure::matches)) {
                try {
                    DataFlow flow =
                            DataFlow.of(
                                    state.head(),
                                    strand.position.input,
                                    context,
                                    strand.position.variables);
                    return new Done(flow.caught(catcher, failure.output()), catcher.next());
                } catch (StateFailure inCatcher) {
                    throw report(x, strand, state, inCatcher);
                }
            }
        }
        return null;
    }

    private Done execute(
            Execution x, Strand strand, State state, ObjectNode context, boolean fresh) {
        Position at = strand.position;
        if (state instanceof State.Task task) {
            return task(x, strand, task, context);
        }
        DataFlow flow = DataFlow.of(state.head(), at.input, context, at.variables);
        return switch (state) {
            case State.Pass(_, State.Transition then) ->
                    done(state, flow.completed(flow.passed()), then);
            case State.Succeed(_) -> new Done(limited(state, flow.passedThrough()), null);
            case State.Wait(_, State.Transition then) -> {
                pause(x, strand, flow.waiting(clock.instant()));
                yield done(state, flow.passedThrough(), then);
            }
            case State.Choice(_, List<State.Rule> rules, String otherwise) ->
                    choose(state, flow, rules, otherwise);
            case State.Fail(_) -> {
                String error = flow.failText("Error");
                throw StateFailure.reported(error, flow.failText("Cause"));
            }
            case State.Parallel parallel -> {
                JsonNode result = branches(() -> parallel(x, strand, parallel, flow, fresh));
                yield done(state, flow.completed(result), parallel.then());
            }
            case State.Iteration map -> {
                JsonNode result = branches(() -> iterate(x, strand, map, flow, context, fresh));
                yield done(state, flow.completed(result), map.then());
            }
            case State.Task _ -> throw new IllegalStateException("a task is run above");
        };
    }

    private static JsonNode branches(Supplier<JsonNode> work) {
        try {
            return work.get();
        } catch (StateFailure failure) {
            throw failure.ofBranches();
        }
    }

    private static Done done(State state, DataFlow.Step step, State.Transition then) {
        return new Done(limited(state, step), then.next());
    }

    private static DataFlow.Step limited(State state, DataFlow.Step step) {
        limit(state, step.output());
        return step;
    }

    private static void limit(State state, JsonNode payload) {
        String text = Json.text(payload);
        if (text.length() > PAYLOAD_LIMIT
                || text.length() > PAYLOAD_LIMIT / 3
                        && text.getBytes(StandardCharsets.UTF_8).length > PAYLOAD_LIMIT) {
            throw StateFailure.reported(
                    StateFailure.DATA_LIMIT,
                    "The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit."
                            .formatted(state.head().name()));
        }
    }

    private static Done choose(
            State state, DataFlow flow, List<State.Rule> rules, @Nullable String otherwise) {
        for (State.Rule rule : rules) {
            if (flow.holds(rule)) {
                return new Done(limited(state, flow.chosen(rule)), rule.next());
            }
        }
        if (otherwise == null) {
            throw StateFailure.runtime(
                    "Failed to transition out of the state. The state does not point to a next state.");
        }
        return new Done(limited(state, flow.chosen(null)), otherwise);
    }

    // ---- tasks

    private Done task(Execution x, Strand strand, State.Task task, ObjectNode context) {
        Position at = strand.position;
        var pending = new PendingTask(x, clock);
        @Nullable String token = null;
        if (task.integration().pattern().hasToken()) {
            token = tokens.issue(pending);
            context.putObject("Task").put("Token", token);
        }
        try {
            DataFlow flow = DataFlow.of(task.head(), at.input, context, at.variables);
            JsonNode arguments = flow.arguments();
            limit(task, arguments);
            Duration timeout = flow.seconds("TimeoutSeconds");
            Duration heartbeat = flow.seconds("HeartbeatSeconds");
            JsonNode result = perform(x, strand, task, arguments, timeout, heartbeat, pending);
            return done(task, flow.completed(result), task.then());
        } finally {
            pending.close();
            if (token != null) {
                tokens.forget(token);
            }
        }
    }

    private JsonNode perform(
            Execution x,
            Strand strand,
            State.Task task,
            JsonNode arguments,
            @Nullable Duration timeout,
            @Nullable Duration heartbeat,
            PendingTask pending) {
        Integration integration = task.integration();
        ObjectNode scheduled = Json.object();
        if (heartbeat != null) {
            scheduled.put("heartbeatInSeconds", heartbeat.toSeconds());
        }
        scheduled.put("parameters", Json.text(arguments));
        scheduled.put("region", x.machine.region());
        named(scheduled, integration);
        if (timeout != null) {
            scheduled.put("timeoutInSeconds", timeout.toSeconds());
        }
        add(x, strand, "TaskScheduled", "taskScheduledEventDetails", scheduled);
        add(x, strand, "TaskStarted", "taskStartedEventDetails", named(Json.object(), integration));
        Instant startedAt = clock.instant();

        PendingTask.Outcome answer =
                x.outside(strand, () -> calls.call(integration, arguments, x, timeout, pending));
        boolean waits = integration.pattern().hasToken();
        if (waits) {
            if (answer instanceof PendingTask.Outcome.Succeeded(JsonNode output)) {
                ObjectNode submitted = History.payload(Json.object(), "output", output);
                add(
                        x,
                        strand,
                        "TaskSubmitted",
                        "taskSubmittedEventDetails",
                        named(submitted, integration));
            } else if (answer instanceof PendingTask.Outcome.Failed(String error, String cause)) {
                ObjectNode failed = History.failure(Json.object(), error, cause);
                add(
                        x,
                        strand,
                        "TaskSubmitFailed",
                        "taskSubmitFailedEventDetails",
                        named(failed, integration));
                throw StateFailure.reported(error, cause);
            }
            try {
                answer = pending.await(clock, startedAt, timeout, heartbeat);
            } catch (InterruptedException e) {
                throw new Abandoned();
            }
            x.checkWanted(strand);
        }
        return settle(x, strand, task, answer);
    }

    private JsonNode settle(
            Execution x, Strand strand, State.Task task, PendingTask.Outcome outcome) {
        Integration integration = task.integration();
        switch (outcome) {
            case PendingTask.Outcome.Succeeded(JsonNode output) -> {
                limit(task, output);
                ObjectNode details = History.payload(Json.object(), "output", output);
                add(
                        x,
                        strand,
                        "TaskSucceeded",
                        "taskSucceededEventDetails",
                        named(details, integration));
                return output;
            }
            case PendingTask.Outcome.Failed(String error, String cause) -> {
                ObjectNode details = History.failure(Json.object(), error, cause);
                add(x, strand, "TaskFailed", "taskFailedEventDetails", named(details, integration));
                throw StateFailure.reported(error, cause);
            }
            case PendingTask.Outcome.TimedOut(boolean ofHeartbeat) -> {
                ObjectNode details = History.failure(Json.object(), StateFailure.TIMEOUT, null);
                add(
                        x,
                        strand,
                        "TaskTimedOut",
                        "taskTimedOutEventDetails",
                        named(details, integration));
                throw ofHeartbeat
                        ? StateFailure.heartbeatTimeout()
                        : StateFailure.reported(StateFailure.TIMEOUT, null);
            }
        }
    }

    private static ObjectNode named(ObjectNode details, Integration integration) {
        details.put("resource", integration.resource());
        details.put("resourceType", integration.resourceType());
        return details;
    }

    // ---- branches

    private JsonNode parallel(
            Execution x, Strand strand, State.Parallel parallel, DataFlow flow, boolean fresh) {
        Position at = strand.position;
        if (fresh || at.children.isEmpty()) {
            at.children.clear();
            JsonNode input = flow.arguments();
            limit(parallel, input);
            add(x, strand, "ParallelStateStarted", null, Json.object());
            for (int i = 0; i < parallel.branches().size(); i++) {
                State.Flow branch = parallel.branches().get(i);
                at.children.put(
                        i,
                        new Child(
                                null,
                                new Strand(
                                        branch,
                                        new Position(branch.startAt(), input, at.variables),
                                        strand.last,
                                        strand.mapItem,
                                        strand.group)));
            }
        }
        var join = new Join(x, new Group(strand.group));
        at.children.forEach(
                (index, child) -> {
                    if (child.output() == null) {
                        boolean resumed = !fresh;
                        Strand mine = child.strand().in(join.group);
                        at.children.put(index, new Child(null, mine));
                        join.expected++;
                        x.start(
                                join.group,
                                () ->
                                        join.run(
                                                mine,
                                                () -> branch(x, at, index, mine, join, resumed)));
                    }
                });
        Join.Failed failed = join.await(x, strand);
        if (failed != null) {
            throw failGroup(x, strand, at, failed, null);
        }
        long before = join.lastId == 0 ? strand.last : join.lastId;
        x.history.add(before, "ParallelStateSucceeded", null, Json.object());
        strand.last = before;
        return outputs(at);
    }

    private void branch(
            Execution x, Position at, int index, Strand mine, Join join, boolean resumed) {
        JsonNode output = walk(x, mine, resumed);
        at.children.put(index, new Child(output, mine));
        join.lastId = mine.last;
    }

    private static ArrayNode outputs(Position at) {
        ArrayNode array = Json.NODES.arrayNode(at.children.size());
        for (int i = 0; i < at.children.size(); i++) {
            Child child = at.children.get(i);
            JsonNode output = child == null ? null : child.output();
            if (output == null) {
                throw new IllegalStateException("branch " + i + " has no output");
            }
            array.add(output);
        }
        return array;
    }

    private JsonNode iterate(
            Execution x,
            Strand strand,
            State.Iteration map,
            DataFlow flow,
            ObjectNode context,
            boolean fresh) {
        Position at = strand.position;
        ArrayNode items = flow.items();
        int concurrency = flow.maxConcurrency();
        if (fresh) {
            at.children.clear();
            add(
                    x,
                    strand,
                    "MapStateStarted",
                    "mapStateStartedEventDetails",
                    Json.object().put("length", items.size()));
        }
        var queue = new ArrayDeque<Integer>();
        for (int i = 0; i < items.size(); i++) {
            Child child = at.children.get(i);
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
        var join = new Join(x, new Group(strand.group));
        long startedId = strand.last;
        for (int w = 0; w < workers; w++) {
            join.expected++;
            x.start(
                    join.group,
                    () -> worker(x, at, map, flow, items, context, queue, startedId, join));
        }
        Join.Failed failed = join.await(x, strand);
        if (failed != null) {
            throw failGroup(x, strand, at, failed, map.head().name());
        }
        long before = join.lastId == 0 ? strand.last : join.lastId;
        x.history.add(before, "MapStateSucceeded", null, Json.object());
        strand.last = before;
        return outputs(at);
    }

    /// Takes one item after the other, as each of a Map's concurrent workers does.
    private void worker(
            Execution x,
            Position at,
            State.Iteration map,
            DataFlow flow,
            ArrayNode items,
            ObjectNode context,
            Deque<Integer> queue,
            long startedId,
            Join join) {
        long previous = startedId;
        while (true) {
            Integer index = queue.poll();
            if (index == null) {
                join.finished();
                return;
            }
            Child before = at.children.get(index);
            boolean resumed = before != null;
            ObjectNode item = Json.object();
            item.put("Index", index);
            item.set("Value", items.get(index));
            Strand mine =
                    before != null
                            ? before.strand().in(join.group)
                            : new Strand(
                                    map.processor(),
                                    new Position(
                                            map.processor().startAt(),
                                            items.get(index),
                                            at.variables),
                                    previous,
                                    item,
                                    join.group);
            at.children.put(index, new Child(null, mine));
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
                                            x,
                                            mine,
                                            "MapIterationStarted",
                                            "mapIterationStartedEventDetails",
                                            iteration(map, index));
                                }
                                JsonNode output = walk(x, mine, resumed);
                                at.children.put(index, new Child(output, mine));
                                join.lastId =
                                        x.history
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

    private static ObjectNode iteration(State.Iteration map, int index) {
        return Json.object().put("index", index).put("name", map.head().name());
    }

    /// Ends what the other branches do, leaves the events that AWS leaves then, and fails the
    /// state.
    ///
    /// @return the failure, to be thrown
    private RuntimeException failGroup(
            Execution x,
            Strand strand,
            Position at,
            Join.Failed failure,
            @Nullable String mapName) {
        Strand failed = failure.strand();
        if (failure.uncatchable()) {
            strand.last = failed.last;
            return failure.how();
        }
        var unfinished =
                at.children.entrySet().stream()
                        .filter(e -> e.getValue().output() == null)
                        .sorted(
                                Comparator.comparing(
                                        (Map.Entry<Integer, Child> e) ->
                                                e.getValue().strand() != failed))
                        .toList();
        for (var entry : unfinished) {
            Strand branch = entry.getValue().strand();
            State open = branch.open;
            if (open instanceof State.Task
                    || open instanceof State.Wait
                    || open instanceof State.Parallel
                    || open instanceof State.Iteration) {
                x.history.add(branch.last, open.type() + "StateAborted", null, Json.object());
            }
            if (mapName != null) {
                boolean mine = branch == failed;
                x.history.add(
                        branch.last,
                        mine ? "MapIterationFailed" : "MapIterationAborted",
                        mine ? "mapIterationFailedEventDetails" : "mapIterationAbortedEventDetails",
                        Json.object().put("index", entry.getKey()).put("name", mapName));
            }
        }
        strand.last = failed.last;
        return failure.how();
    }

    // ---- waiting

    /// Waits for so long of the cloud's time, with the baton let go.
    private void pause(Execution x, Strand strand, Duration cloudTime) {
        x.sleep(clock, cloudTime);
        x.checkWanted(strand);
    }

    /// How often each retrier of a state has been used.
    private static final class Attempts {
        private final List<State.Retrier> retriers;
        private final int[] used;
        private int total;

        Attempts(List<State.Retrier> retriers) {
            this.retriers = retriers;
            this.used = new int[retriers.size()];
        }

        /// How long to wait before the next attempt, null when there shall be none.
        @Nullable Duration delayBefore(StateFailure failure) {
            for (int i = 0; i < used.length; i++) {
                State.Retrier retrier = retriers.get(i);
                if (retrier.errors().stream().noneMatch(failure::matches)) {
                    continue;
                }
                if (used[i] >= retrier.maxAttempts()) {
                    return null;
                }
                double seconds =
                        retrier.intervalSeconds() * Math.pow(retrier.backoffRate(), used[i]);
                Long most = retrier.maxDelaySeconds();
                seconds = Math.min(seconds, most == null ? 31_622_400 : most);
                if (retrier.fullJitter()) {
                    seconds = ThreadLocalRandom.current().nextDouble(Math.max(seconds, 0.001));
                }
                used[i]++;
                total++;
                return Duration.ofMillis((long) (seconds * 1000));
            }
            return null;
        }
    }

    // ---- context and events

    private ObjectNode context(
            Execution x, Strand strand, State state, Instant enteredAt, int retries) {
        ObjectNode context = Json.object();
        ObjectNode execution = context.putObject("Execution");
        execution.put("Id", x.arn);
        execution.set("Input", x.parsedInput);
        execution.put("StartTime", time(x.startedAt));
        execution.put("Name", x.name);
        execution.put("RoleArn", x.machine.roleArn());
        execution.put("RedriveCount", x.redriveCount());
        Instant redrivenAt = x.redrivenAt();
        if (redrivenAt != null) {
            execution.put("RedriveTime", time(redrivenAt));
        }
        ObjectNode machine = context.putObject("StateMachine");
        machine.put("Id", x.machine.arn());
        machine.put("Name", x.machine.name());
        ObjectNode here = context.putObject("State");
        here.put("Name", state.head().name());
        here.put("EnteredTime", time(enteredAt));
        switch (state) {
            case State.Task _, State.Parallel _, State.Iteration _ ->
                    here.put("RetryCount", retries);
            case State.Pass _, State.Choice _, State.Wait _, State.Succeed _, State.Fail _ -> {}
        }
        ObjectNode item = strand.mapItem;
        if (item != null) {
            context.putObject("Map").set("Item", item);
        }
        return context;
    }

    static String time(Instant instant) {
        return MILLIS.format(instant);
    }

    /// Appends an event to the strand's chain.
    private static long add(
            Execution x,
            Strand strand,
            String type,
            @Nullable String detailsField,
            ObjectNode details) {
        strand.last = x.history.add(strand.last, type, detailsField, details).id();
        return strand.last;
    }
}
