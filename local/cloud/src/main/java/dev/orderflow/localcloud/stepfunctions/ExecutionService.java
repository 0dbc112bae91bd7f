package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.ports.Authorizer;
import dev.orderflow.localcloud.ports.ConnectionPort;
import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.ports.QueuePort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The operations on executions, and their run from start to end.
final class ExecutionService implements TaskIntegrations.ExecutionOperations, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ExecutionService.class);

    private final CloudClock clock;
    private final EventBusPort buses;
    private final MetricPort metrics;
    private final Authorizer authorizer;
    private final TaskTokens tokens = new TaskTokens();
    private final StateMachineRepository machines;
    private final TaskIntegrations calls;
    private final StateMachineInterpreter interpreter;

    private final ExecutionRepository kept;

    /// Publishes status events and metrics in order, without delaying executions.
    private final ExecutorService announcer =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("executions").factory());

    ExecutionService(
            CloudClock clock,
            QueuePort queues,
            EventBusPort buses,
            TopicPort topics,
            ConnectionPort connections,
            MetricPort metrics,
            Authorizer authorizer,
            UnaryOperator<URI> names,
            int finishedKept) {
        this.clock = clock;
        this.authorizer = authorizer;
        this.buses = buses;
        this.metrics = metrics;
        this.kept = new ExecutionRepository(clock, finishedKept);
        this.machines = new StateMachineRepository(clock, kept::anyRunning);
        this.calls =
                new TaskIntegrations(
                        clock,
                        queues,
                        buses,
                        topics,
                        new HttpTask(connections, authorizer, names),
                        this);
        this.interpreter = new StateMachineInterpreter(clock, calls, tokens);
    }

    /// The state machines of the executions.
    StateMachineRepository machines() {
        return machines;
    }

    /// The ARN of the state machine whose task waits for this token; empty if none does.
    Optional<String> stateMachineOf(String taskToken) {
        return tokens.stateMachineOf(taskToken);
    }

    ObjectNode start(StepFunctionsRequest in) {
        in.allow("stateMachineArn", "name", "input", "traceHeader");
        Execution execution =
                begin(
                        in.required("stateMachineArn"),
                        in.optional("name"),
                        in.text("input", "{}"),
                        in.optional("traceHeader"));
        ObjectNode answer = StepFunctionsJson.object();
        answer.put("executionArn", execution.arn);
        answer.put("startDate", StepFunctionsJson.seconds(execution.startedAt));
        return answer;
    }

    Execution begin(
            String machineArn,
            @Nullable String requestedName,
            String input,
            @Nullable String trace) {
        QualifiedStateMachine qualified = machines.resolve(machineArn);
        StateMachine machine = qualified.machine();
        if (machines.find(machine.arn()).deleting()) {
            throw StateMachineRepository.deletingError(machineArn);
        }
        authorizer.requireKey(
                machine.caller(),
                machine.arn(),
                Map.of("kms:EncryptionContext:aws:states:stateMachineArn", machine.arn()));
        String name = requestedName == null ? UUID.randomUUID().toString() : requestedName;
        if (!StepFunctionsRequest.isName(name)) {
            throw AwsErrorException.client("InvalidName", "Invalid Name: '" + name + "'");
        }
        requirePayloadLimit("input", input);
        JsonNode parsed;
        try {
            parsed = StepFunctionsJson.parse(input);
        } catch (JacksonException | IllegalArgumentException e) {
            throw AwsErrorException.client(
                    "InvalidExecutionInput",
                    "Invalid State Machine Execution Input: '%s'"
                            .formatted(StepFunctionsJson.reason(e)));
        }
        String arn = machine.executionArn(name);
        var fresh =
                new Execution(
                        arn,
                        name,
                        qualified,
                        input,
                        parsed,
                        clock.instant(),
                        new ExecutionHistory(clock),
                        trace);
        Execution named = kept.add(fresh).orElseThrow(() -> nameTaken(arn));
        if (named == fresh) {
            launch(fresh);
            return fresh;
        }
        if (named.view().status() == Execution.ExecutionStatus.RUNNING
                && named.input.equals(input)) {
            return named;
        }
        throw nameTaken(arn);
    }

    private static AwsErrorException nameTaken(String arn) {
        return AwsErrorException.client(
                "ExecutionAlreadyExists", "Execution Already Exists: '" + arn + "'");
    }

    private static void requirePayloadLimit(String member, String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > StateMachineInterpreter.PAYLOAD_LIMIT) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value at '%s' failed to satisfy constraint: Member must have length less than or equal to %d"
                            .formatted(member, StateMachineInterpreter.PAYLOAD_LIMIT));
        }
    }

    private void launch(Execution execution) {
        execution.withLock(
                () -> {
                    ObjectNode started =
                            ExecutionHistory.payload(
                                    StepFunctionsJson.object(), "input", execution.input);
                    started.put("roleArn", execution.machine.roleArn());
                    execution.qualified.describe(started);
                    execution.history.last(
                            0, "ExecutionStarted", "executionStartedEventDetails", started);
                    announce(execution, "ExecutionsStarted");
                    run(execution, false);
                });
    }

    /// Starts the thread that runs the execution; requires the lock.
    private void run(Execution execution, boolean again) {
        Execution.BranchGroup group = execution.root().group;
        Long timeout = execution.definition.timeoutSeconds();
        if (timeout != null) {
            execution.start(group, () -> watch(execution, Duration.ofSeconds(timeout)));
        }
        execution.start(
                group,
                () -> {
                    StateMachineInterpreter.StatesResult ending = interpreter.run(execution, again);
                    switch (ending) {
                        case StateMachineInterpreter.StatesResult.StatesSucceeded(
                                        JsonNode output) -> {
                            String text = StepFunctionsJson.text(output);
                            finish(
                                    execution,
                                    Execution.ExecutionStatus.SUCCEEDED,
                                    "ExecutionSucceeded",
                                    "executionSucceededEventDetails",
                                    ExecutionHistory.payload(
                                            StepFunctionsJson.object(), "output", text),
                                    text,
                                    null,
                                    null);
                        }
                        case StateMachineInterpreter.StatesResult.StatesFailed(
                                        String error,
                                        String cause) ->
                                finish(
                                        execution,
                                        Execution.ExecutionStatus.FAILED,
                                        "ExecutionFailed",
                                        "executionFailedEventDetails",
                                        ExecutionHistory.failure(
                                                StepFunctionsJson.object(), error, cause),
                                        null,
                                        error,
                                        cause);
                    }
                });
    }

    private void watch(Execution execution, Duration timeout) {
        execution.sleep(clock, timeout);
        finish(
                execution,
                Execution.ExecutionStatus.TIMED_OUT,
                "ExecutionTimedOut",
                "executionTimedOutEventDetails",
                StepFunctionsJson.object(),
                null,
                null,
                null);
    }

    /// Ends the execution once; requires the lock.
    private void finish(
            Execution execution,
            Execution.ExecutionStatus status,
            String event,
            String detailsField,
            ObjectNode details,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause) {
        if (!execution.isRunning()) {
            return;
        }
        execution.history.last(execution.root().last, event, detailsField, details);
        Instant now = clock.instant();
        List<Consumer<Execution>> listeners = execution.end(status, now, output, error, cause);
        kept.markEnded(execution, now);
        announce(
                execution,
                switch (status) {
                    case SUCCEEDED -> "ExecutionsSucceeded";
                    case FAILED -> "ExecutionsFailed";
                    case TIMED_OUT -> "ExecutionsTimedOut";
                    case ABORTED -> "ExecutionsAborted";
                    case RUNNING ->
                            throw new IllegalStateException("the execution is still running");
                });
        enqueue(
                () -> {
                    listeners.forEach(l -> l.accept(execution));
                    machines.removeIfUnused(execution.machine.arn());
                });
    }

    private Execution execution(String arn) {
        StepFunctionsRequest.checkedArn(arn, "execution");
        return kept.find(arn).orElseThrow(() -> unknownExecution(arn));
    }

    private static AwsErrorException unknownExecution(String arn) {
        return AwsErrorException.client(
                "ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'");
    }

    ObjectNode describe(StepFunctionsRequest in) {
        in.allow("executionArn", "includedData");
        Execution execution = execution(in.required("executionArn"));
        boolean withData = in.wantsData();
        Execution.ExecutionView view = execution.view();
        ObjectNode answer = StepFunctionsJson.object();
        answer.put("executionArn", execution.arn);
        answer.put("stateMachineArn", execution.machine.arn());
        execution.qualified.describe(answer);
        answer.put("name", execution.name);
        answer.put("status", view.status().name());
        answer.put("startDate", StepFunctionsJson.seconds(execution.startedAt));
        if (view.stoppedAt() != null) {
            answer.put("stopDate", StepFunctionsJson.seconds(view.stoppedAt()));
        }
        if (withData) {
            answer.put("input", execution.input);
            answer.putObject("inputDetails").put("included", true);
            if (view.output() != null) {
                answer.put("output", view.output());
                answer.putObject("outputDetails").put("included", true);
            }
            ExecutionHistory.failure(answer, view.error(), view.cause());
        }
        if (execution.traceHeader != null) {
            answer.put("traceHeader", execution.traceHeader);
        }
        answer.put("redriveCount", view.redriveCount());
        if (view.redrivenAt() != null) {
            answer.put("redriveDate", StepFunctionsJson.seconds(view.redrivenAt()));
        }
        String reason = redriveObstacle(execution, view);
        answer.put("redriveStatus", reason == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        if (reason != null) {
            answer.put("redriveStatusReason", reason);
        }
        return answer;
    }

    /// Returns why the execution cannot be redriven, null if it can.
    private @Nullable String redriveObstacle(Execution execution, Execution.ExecutionView view) {
        if (!view.status().canBeRedriven()) {
            return "Execution is %s and cannot be redriven".formatted(view.status());
        }
        Instant stopped = view.stoppedAt();
        if (stopped != null && stopped.plus(Execution.REDRIVABLE_FOR).isBefore(clock.instant())) {
            return "Execution is past the redrivable period and cannot be redriven";
        }
        return null;
    }

    ObjectNode describeMachine(StepFunctionsRequest in) {
        in.allow("executionArn", "includedData");
        Execution execution = execution(in.required("executionArn"));
        ObjectNode answer =
                StateMachineRepository.toDescription(
                        execution.machine, "updateDate", in.wantsData());
        answer.remove(List.of("status", "type"));
        return answer;
    }

    ObjectNode list(StepFunctionsRequest in) {
        in.allow(
                "stateMachineArn",
                "statusFilter",
                "maxResults",
                "nextToken",
                "mapRunArn",
                "redriveFilter");
        if (in.optional("mapRunArn") != null) {
            throw AwsErrorException.validation(
                    "local-cloud does not support distributed Map: mapRunArn");
        }
        String machineArn = in.required("stateMachineArn");
        StateMachine machine = machines.resolve(machineArn).machine();
        String status =
                in.optionalOneOf(
                        "statusFilter",
                        List.of(
                                "RUNNING",
                                "SUCCEEDED",
                                "FAILED",
                                "TIMED_OUT",
                                "ABORTED",
                                "PENDING_REDRIVE"));
        String redriven = in.optionalOneOf("redriveFilter", List.of("REDRIVEN", "NOT_REDRIVEN"));
        Predicate<Execution> filter =
                execution -> {
                    Execution.ExecutionView view = execution.view();
                    return (machineArn.equals(machine.arn())
                                    || machineArn.equals(execution.qualified.versionArn())
                                    || machineArn.equals(execution.qualified.aliasArn()))
                            && (status == null || view.status().name().equals(status))
                            && (redriven == null
                                    || redriven.equals("REDRIVEN") == view.redriveCount() > 0);
                };
        List<Execution> all = kept.ofMachine(machine.arn()).stream().filter(filter).toList();
        return in.page("executions", all, this::summary);
    }

    private ObjectNode summary(Execution execution) {
        Execution.ExecutionView view = execution.view();
        ObjectNode one = StepFunctionsJson.object();
        one.put("executionArn", execution.arn);
        one.put("stateMachineArn", execution.machine.arn());
        execution.qualified.describe(one);
        one.put("name", execution.name);
        one.put("status", view.status().name());
        one.put("startDate", StepFunctionsJson.seconds(execution.startedAt));
        if (view.stoppedAt() != null) {
            one.put("stopDate", StepFunctionsJson.seconds(view.stoppedAt()));
        }
        one.put("redriveCount", view.redriveCount());
        if (view.redrivenAt() != null) {
            one.put("redriveDate", StepFunctionsJson.seconds(view.redrivenAt()));
        }
        return one;
    }

    ObjectNode history(StepFunctionsRequest in) {
        in.allow("executionArn", "maxResults", "reverseOrder", "nextToken", "includeExecutionData");
        Execution execution = execution(in.required("executionArn"));
        boolean withData = in.flag("includeExecutionData", true);
        List<ExecutionHistory.HistoryEvent> events = execution.withLock(execution.history::events);
        if (in.flag("reverseOrder", false)) {
            events = events.reversed();
        }
        return in.page("events", events, event -> toEventJson(event, withData));
    }

    private static ObjectNode toEventJson(ExecutionHistory.HistoryEvent event, boolean withData) {
        ObjectNode one = StepFunctionsJson.object();
        one.put("timestamp", StepFunctionsJson.seconds(event.at()));
        one.put("type", event.type());
        one.put("id", event.id());
        one.put("previousEventId", event.previousId());
        String field = event.detailsField();
        if (field != null) {
            JsonNode details = StepFunctionsJson.parse(event.details());
            if (!withData && details instanceof ObjectNode object) {
                object.remove(
                        List.of(
                                "input",
                                "output",
                                "parameters",
                                "inputDetails",
                                "outputDetails",
                                "error",
                                "cause",
                                "assignedVariables",
                                "assignedVariablesDetails"));
            }
            one.set(field, details);
        }
        return one;
    }

    ObjectNode stop(StepFunctionsRequest in) {
        in.allow("executionArn", "error", "cause");
        Execution execution = execution(in.required("executionArn"));
        abort(execution, in.bounded("error", 256), in.bounded("cause", 32_768));
        Instant stopped = execution.view().stoppedAt();
        return StepFunctionsJson.object()
                .put(
                        "stopDate",
                        StepFunctionsJson.seconds(stopped == null ? clock.instant() : stopped));
    }

    private void abort(Execution execution, @Nullable String error, @Nullable String cause) {
        execution.withLock(
                () ->
                        finish(
                                execution,
                                Execution.ExecutionStatus.ABORTED,
                                "ExecutionAborted",
                                "executionAbortedEventDetails",
                                ExecutionHistory.failure(StepFunctionsJson.object(), error, cause),
                                null,
                                error,
                                cause));
    }

    @Override
    public void abort(Execution execution) {
        abort(execution, null, null);
    }

    ObjectNode redrive(StepFunctionsRequest in) {
        in.allow("executionArn", "clientToken");
        Execution execution = execution(in.required("executionArn"));
        Instant now = clock.instant();
        execution.withLock(
                () -> {
                    String reason = redriveObstacle(execution, execution.view());
                    if (reason != null) {
                        throw AwsErrorException.client("ExecutionNotRedrivable", reason);
                    }
                    if (execution.history.events().size() >= ExecutionHistory.LIMIT - 1) {
                        throw AwsErrorException.client(
                                "ExecutionNotRedrivable",
                                "Execution history event limit has been reached");
                    }
                    if (!kept.reopen(execution)) {
                        throw unknownExecution(execution.arn);
                    }
                    execution.redrive(now);
                    long last = execution.history.events().getLast().id();
                    execution.root().last =
                            execution
                                    .history
                                    .last(
                                            last,
                                            "ExecutionRedriven",
                                            "executionRedrivenEventDetails",
                                            StepFunctionsJson.object()
                                                    .put("redriveCount", execution.redriveCount()))
                                    .id();
                    announce(execution, "ExecutionsRedriven");
                    run(execution, true);
                });
        return StepFunctionsJson.object().put("redriveDate", StepFunctionsJson.seconds(now));
    }

    // ---- task tokens

    ObjectNode taskSuccess(StepFunctionsRequest in) {
        in.allow("taskToken", "output");
        String token = token(in);
        String output = in.required("output");
        JsonNode parsed;
        try {
            parsed = StepFunctionsJson.parse(output);
        } catch (JacksonException | IllegalArgumentException e) {
            throw AwsErrorException.client("InvalidOutput", "Invalid Output: '" + output + "'");
        }
        requirePayloadLimit("output", output);
        completeTask(token, new PendingTask.TaskResult.TaskSucceeded(parsed));
        return StepFunctionsJson.object();
    }

    ObjectNode taskFailure(StepFunctionsRequest in) {
        in.allow("taskToken", "error", "cause");
        String error = in.bounded("error", 256);
        String cause = in.bounded("cause", 32_768);
        completeTask(token(in), new PendingTask.TaskResult.TaskFailed(error, cause));
        return StepFunctionsJson.object();
    }

    ObjectNode taskHeartbeat(StepFunctionsRequest in) {
        in.allow("taskToken");
        if (!tokens.find(token(in)).heartbeat()) {
            throw TaskTokens.timedOut();
        }
        return StepFunctionsJson.object();
    }

    private static String token(StepFunctionsRequest in) {
        String token = in.required("taskToken");
        if (token.length() > 2048) {
            throw StepFunctionsRequest.invalidToken();
        }
        return token;
    }

    private void completeTask(String token, PendingTask.TaskResult outcome) {
        if (!tokens.find(token).complete(outcome)) {
            throw TaskTokens.timedOut();
        }
    }

    // ---- events and metrics

    /// Requires the lock, so that the published status is the current one.
    private void announce(Execution execution, String metric) {
        Execution.ExecutionView view = execution.view();
        ObjectNode detail = StepFunctionsJson.object();
        detail.put("executionArn", execution.arn);
        detail.put("stateMachineArn", execution.machine.arn());
        detail.put("name", execution.name);
        detail.put("status", view.status().name());
        detail.put("startDate", execution.startedAt.toEpochMilli());
        detail.set("stopDate", millis(view.stoppedAt()));
        detail.put("input", execution.input);
        detail.put("output", view.output());
        detail.put("stateMachineVersionArn", execution.qualified.versionArn());
        detail.put("stateMachineAliasArn", execution.qualified.aliasArn());
        detail.put("redriveCount", view.redriveCount());
        detail.set("redriveDate", millis(view.redrivenAt()));
        String reason = redriveObstacle(execution, view);
        detail.put("redriveStatus", reason == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        detail.put("redriveStatusReason", reason);
        detail.putObject("inputDetails").put("included", true);
        if (view.output() == null) {
            detail.putNull("outputDetails");
        } else {
            detail.putObject("outputDetails").put("included", true);
        }
        detail.put("error", view.error());
        detail.put("cause", view.cause());
        Instant stopped = view.stoppedAt();
        enqueue(
                () -> {
                    buses.publishServiceEvent(
                            "aws.states",
                            "Step Functions Execution Status Change",
                            List.of(execution.arn),
                            detail);
                    var dimensions = Map.of("StateMachineArn", execution.machine.arn());
                    metrics.record("AWS/States", metric, dimensions, 1);
                    if (stopped != null) {
                        metrics.record(
                                "AWS/States",
                                "ExecutionTime",
                                dimensions,
                                Duration.between(execution.startedAt, stopped).toMillis());
                    }
                });
    }

    private static JsonNode millis(@Nullable Instant instant) {
        return instant == null
                ? StepFunctionsJson.NODES.nullNode()
                : StepFunctionsJson.NODES.numberNode(instant.toEpochMilli());
    }

    private void enqueue(Runnable work) {
        try {
            announcer.execute(
                    () -> {
                        try {
                            work.run();
                        } catch (RuntimeException e) {
                            log.error("cannot publish the status event of an execution", e);
                        }
                    });
        } catch (RejectedExecutionException e) {
            log.debug("closing: the status event of an execution is not published");
        }
    }

    @Override
    public Execution start(String stateMachineArn, @Nullable String name, String input) {
        return begin(stateMachineArn, name, input, null);
    }

    @Override
    public void completeTask(TaskResource.IntegrationAction action, JsonNode arguments) {
        ObjectNode given = StepFunctionsJson.object();
        arguments
                .properties()
                .forEach(
                        e ->
                                given.set(
                                        Character.toLowerCase(e.getKey().charAt(0))
                                                + e.getKey().substring(1),
                                        e.getValue()));
        var in = new StepFunctionsRequest(given);
        ObjectNode unused =
                switch (action) {
                    case SDK_TASK_SUCCESS -> taskSuccess(in);
                    case SDK_TASK_FAILURE -> taskFailure(in);
                    default -> taskHeartbeat(in);
                };
    }

    /// Ends every execution and its pending calls.
    @Override
    public void close() {
        announcer.shutdownNow();
        kept.all().forEach(execution -> execution.withLock(() -> drop(execution)));
        calls.close();
    }

    private void drop(Execution execution) {
        if (execution.isRunning()) {
            List<Consumer<Execution>> unused =
                    execution.end(
                            Execution.ExecutionStatus.ABORTED, clock.instant(), null, null, null);
        }
    }
}
