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
import java.util.Set;
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

/// The executions there are, from their start to their end, and the calls about them.
final class ExecutionService implements TaskIntegrations.ExecutionOperations, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutionService.class);

    private final CloudClock clock;
    private final EventBusPort buses;
    private final MetricPort metrics;
    private final Authorizer authorizer;
    private final TaskTokens tokens = new TaskTokens();
    private final StateMachineRepository machines;
    private final TaskIntegrations calls;
    private final StateMachineInterpreter interpreter;

    private final ExecutionRepository kept;

    /// Tells the rest of the cloud what happened to executions, in order and without holding them
    /// up.
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

    /// The state machines they are executions of.
    StateMachineRepository machines() {
        return machines;
    }

    /// The ARN of the state machine whose task waits with a token; empty when none does.
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
            String machineArn, @Nullable String wanted, String input, @Nullable String trace) {
        QualifiedStateMachine qualified = machines.resolve(machineArn);
        StateMachine machine = qualified.machine();
        if (machines.find(machine.arn()).deleting()) {
            throw StateMachineRepository.deletingError(machineArn);
        }
        authorizer.requireKey(
                machine.caller(),
                machine.arn(),
                Map.of("kms:EncryptionContext:aws:states:stateMachineArn", machine.arn()));
        String name = wanted == null ? UUID.randomUUID().toString() : wanted;
        if (!StepFunctionsRequest.isName(name)) {
            throw AwsErrorException.client("InvalidName", "Invalid Name: '" + name + "'");
        }
        if (bytes(input) > StateMachineInterpreter.PAYLOAD_LIMIT) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to "
                            + StateMachineInterpreter.PAYLOAD_LIMIT);
        }
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

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private void launch(Execution x) {
        x.withLock(
                () -> {
                    ObjectNode started =
                            ExecutionHistory.payload(StepFunctionsJson.object(), "input", x.input);
                    started.put("roleArn", x.machine.roleArn());
                    x.qualified.describe(started);
                    x.history.last(0, "ExecutionStarted", "executionStartedEventDetails", started);
                    announce(x, "ExecutionsStarted");
                    run(x, false);
                });
    }

    /// Starts the thread that walks the execution; with the baton in hand.
    private void run(Execution x, boolean again) {
        Execution.BranchGroup group = x.root().group;
        Long timeout = x.definition.timeoutSeconds();
        if (timeout != null) {
            x.start(group, () -> watch(x, Duration.ofSeconds(timeout)));
        }
        x.start(
                group,
                () -> {
                    StateMachineInterpreter.ExecutionResult ending = interpreter.run(x, again);
                    switch (ending) {
                        case StateMachineInterpreter.ExecutionResult.ExecutionSucceeded(
                                        JsonNode output) -> {
                            String text = StepFunctionsJson.text(output);
                            finish(
                                    x,
                                    Execution.ExecutionStatus.SUCCEEDED,
                                    "ExecutionSucceeded",
                                    "executionSucceededEventDetails",
                                    ExecutionHistory.payload(
                                            StepFunctionsJson.object(), "output", text),
                                    text,
                                    null,
                                    null);
                        }
                        case StateMachineInterpreter.ExecutionResult.ExecutionFailed(
                                        String error,
                                        String cause) ->
                                finish(
                                        x,
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

    private void watch(Execution x, Duration timeout) {
        x.sleep(clock, timeout);
        finish(
                x,
                Execution.ExecutionStatus.TIMED_OUT,
                "ExecutionTimedOut",
                "executionTimedOutEventDetails",
                StepFunctionsJson.object(),
                null,
                null,
                null);
    }

    /// Ends the execution, once; with the baton in hand.
    private void finish(
            Execution x,
            Execution.ExecutionStatus status,
            String event,
            String detailsField,
            ObjectNode details,
            @Nullable String output,
            @Nullable String error,
            @Nullable String cause) {
        if (!x.isRunning()) {
            return;
        }
        x.history.last(x.root().last, event, detailsField, details);
        Instant now = clock.instant();
        List<Consumer<Execution>> listeners = x.end(status, now, output, error, cause);
        kept.markEnded(x, now);
        announce(
                x,
                switch (status) {
                    case SUCCEEDED -> "ExecutionsSucceeded";
                    case FAILED -> "ExecutionsFailed";
                    case TIMED_OUT -> "ExecutionsTimedOut";
                    case ABORTED -> "ExecutionsAborted";
                    case RUNNING -> throw new IllegalStateException("an end that is none");
                });
        enqueue(
                () -> {
                    listeners.forEach(l -> l.accept(x));
                    machines.removeIfUnused(x.machine.arn());
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
        Execution x = execution(in.required("executionArn"));
        boolean withData = !in.text("includedData", "ALL_DATA").equals("METADATA_ONLY");
        Execution.ExecutionView view = x.view();
        ObjectNode answer = StepFunctionsJson.object();
        answer.put("executionArn", x.arn);
        answer.put("stateMachineArn", x.machine.arn());
        x.qualified.describe(answer);
        answer.put("name", x.name);
        answer.put("status", view.status().name());
        answer.put("startDate", StepFunctionsJson.seconds(x.startedAt));
        if (view.stoppedAt() != null) {
            answer.put("stopDate", StepFunctionsJson.seconds(view.stoppedAt()));
        }
        if (withData) {
            answer.put("input", x.input);
            answer.putObject("inputDetails").put("included", true);
            if (view.output() != null) {
                answer.put("output", view.output());
                answer.putObject("outputDetails").put("included", true);
            }
            ExecutionHistory.failure(answer, view.error(), view.cause());
        }
        if (x.traceHeader != null) {
            answer.put("traceHeader", x.traceHeader);
        }
        answer.put("redriveCount", view.redriveCount());
        if (view.redrivenAt() != null) {
            answer.put("redriveDate", StepFunctionsJson.seconds(view.redrivenAt()));
        }
        String reason = redriveObstacle(x, view);
        answer.put("redriveStatus", reason == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        if (reason != null) {
            answer.put("redriveStatusReason", reason);
        }
        return answer;
    }

    /// Why the execution cannot be redriven, null when it can.
    private @Nullable String redriveObstacle(Execution x, Execution.ExecutionView view) {
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
        ObjectNode answer = StateMachineRepository.toDescription(execution.machine, "updateDate");
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
        String status = in.optional("statusFilter");
        if (status != null
                && !Set.of(
                                "RUNNING",
                                "SUCCEEDED",
                                "FAILED",
                                "TIMED_OUT",
                                "ABORTED",
                                "PENDING_REDRIVE")
                        .contains(status)) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value '%s' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set"
                            .formatted(status));
        }
        String redriven = in.text("redriveFilter", "");
        Predicate<Execution> wanted =
                x -> {
                    Execution.ExecutionView view = x.view();
                    return (machineArn.equals(machine.arn())
                                    || machineArn.equals(x.qualified.versionArn())
                                    || machineArn.equals(x.qualified.aliasArn()))
                            && (status == null || view.status().name().equals(status))
                            && switch (redriven) {
                                case "REDRIVEN" -> view.redriveCount() > 0;
                                case "NOT_REDRIVEN" -> view.redriveCount() == 0;
                                default -> true;
                            };
                };
        List<Execution> all = kept.ofMachine(machine.arn()).stream().filter(wanted).toList();
        return in.page("executions", all, this::summary);
    }

    private ObjectNode summary(Execution x) {
        Execution.ExecutionView view = x.view();
        ObjectNode one = StepFunctionsJson.object();
        one.put("executionArn", x.arn);
        one.put("stateMachineArn", x.machine.arn());
        x.qualified.describe(one);
        one.put("name", x.name);
        one.put("status", view.status().name());
        one.put("startDate", StepFunctionsJson.seconds(x.startedAt));
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
        Execution x = execution(in.required("executionArn"));
        boolean withData = in.flag("includeExecutionData", true);
        List<ExecutionHistory.HistoryEvent> events = x.withLock(x.history::events);
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
        Execution x = execution(in.required("executionArn"));
        abort(x, in.bounded("error", 256), in.bounded("cause", 32_768));
        Instant stopped = x.view().stoppedAt();
        return StepFunctionsJson.object()
                .put(
                        "stopDate",
                        StepFunctionsJson.seconds(stopped == null ? clock.instant() : stopped));
    }

    private void abort(Execution x, @Nullable String error, @Nullable String cause) {
        x.withLock(
                () ->
                        finish(
                                x,
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
        Execution x = execution(in.required("executionArn"));
        Instant now = clock.instant();
        x.withLock(
                () -> {
                    String reason = redriveObstacle(x, x.view());
                    if (reason != null) {
                        throw AwsErrorException.client("ExecutionNotRedrivable", reason);
                    }
                    if (x.history.events().size() >= ExecutionHistory.LIMIT - 1) {
                        throw AwsErrorException.client(
                                "ExecutionNotRedrivable",
                                "Execution history event limit has been reached");
                    }
                    if (!kept.reopen(x)) {
                        throw unknownExecution(x.arn);
                    }
                    x.redrive(now);
                    long last = x.history.events().getLast().id();
                    x.root().last =
                            x.history
                                    .last(
                                            last,
                                            "ExecutionRedriven",
                                            "executionRedrivenEventDetails",
                                            StepFunctionsJson.object()
                                                    .put("redriveCount", x.redriveCount()))
                                    .id();
                    announce(x, "ExecutionsRedriven");
                    run(x, true);
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
        if (bytes(output) > StateMachineInterpreter.PAYLOAD_LIMIT) {
            throw AwsErrorException.validation(
                    "1 validation error detected: Value at 'output' failed to satisfy constraint: Member must have length less than or equal to "
                            + StateMachineInterpreter.PAYLOAD_LIMIT);
        }
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
            throw AwsErrorException.client("InvalidToken", "Invalid Token: 'Invalid token'");
        }
        return token;
    }

    private void completeTask(String token, PendingTask.TaskResult outcome) {
        if (!tokens.find(token).complete(outcome)) {
            throw TaskTokens.timedOut();
        }
    }

    // ---- what the rest of the cloud hears

    /// With the baton in hand: what is told is the execution as it is now.
    private void announce(Execution x, String metric) {
        Execution.ExecutionView view = x.view();
        ObjectNode detail = StepFunctionsJson.object();
        detail.put("executionArn", x.arn);
        detail.put("stateMachineArn", x.machine.arn());
        detail.put("name", x.name);
        detail.put("status", view.status().name());
        detail.put("startDate", x.startedAt.toEpochMilli());
        detail.set("stopDate", millis(view.stoppedAt()));
        detail.put("input", x.input);
        detail.put("output", view.output());
        detail.put("stateMachineVersionArn", x.qualified.versionArn());
        detail.put("stateMachineAliasArn", x.qualified.aliasArn());
        detail.put("redriveCount", view.redriveCount());
        detail.set("redriveDate", millis(view.redrivenAt()));
        String reason = redriveObstacle(x, view);
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
                            List.of(x.arn),
                            detail);
                    var dimensions = Map.of("StateMachineArn", x.machine.arn());
                    metrics.record("AWS/States", metric, dimensions, 1);
                    if (stopped != null) {
                        metrics.record(
                                "AWS/States",
                                "ExecutionTime",
                                dimensions,
                                Duration.between(x.startedAt, stopped).toMillis());
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
                            LOG.error("An execution's status could not be told", e);
                        }
                    });
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed: nobody is told of an execution any more");
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

    /// Ends every execution and what it waits for.
    @Override
    public void close() {
        announcer.shutdownNow();
        kept.all().forEach(x -> x.withLock(() -> drop(x)));
        calls.close();
    }

    private void drop(Execution x) {
        if (x.isRunning()) {
            List<Consumer<Execution>> unused =
                    x.end(Execution.ExecutionStatus.ABORTED, clock.instant(), null, null, null);
        }
    }
}
