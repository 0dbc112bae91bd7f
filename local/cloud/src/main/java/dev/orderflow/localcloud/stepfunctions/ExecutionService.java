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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Starts, stops and redrives executions, and runs them from start to end.
final class ExecutionService implements TaskIntegrations.ExecutionOperations, AutoCloseable {

    private final CloudClock clock;

    private final Authorizer authorizer;
    private final ExecutionStatusPublisher publisher;

    private final TaskTokens tokens = new TaskTokens();
    private final TaskTokenOperations tokenOperations = new TaskTokenOperations(tokens);

    private final StateMachineRepository machines;

    private final TaskIntegrations calls;

    private final StateMachineInterpreter interpreter;
    private final ExecutionQueries queries;

    private final ExecutionRepository kept;

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
        this.publisher = new ExecutionStatusPublisher(clock, buses, metrics);
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
        this.queries = new ExecutionQueries(clock, kept, machines);
    }

    /// The operations that read executions.
    ExecutionQueries queries() {
        return queries;
    }

    /// The operations that complete waiting tasks.
    TaskTokenOperations tokenOperations() {
        return tokenOperations;
    }

    /// The ARN of the state machine whose task waits for this token; empty if none does.
    Optional<String> stateMachineOf(String taskToken) {
        return tokens.stateMachineOf(taskToken);
    }

    /// The state machines of the executions.
    StateMachineRepository machines() {
        return machines;
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
        StepFunctionsRequest.requirePayloadLimit("input", input);
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
                    publisher.publish(execution, "ExecutionsStarted");
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
        publisher.publish(
                execution,
                switch (status) {
                    case SUCCEEDED -> "ExecutionsSucceeded";
                    case FAILED -> "ExecutionsFailed";
                    case TIMED_OUT -> "ExecutionsTimedOut";
                    case ABORTED -> "ExecutionsAborted";
                    case RUNNING ->
                            throw new IllegalStateException("the execution is still running");
                });
        publisher.enqueue(
                () -> {
                    listeners.forEach(l -> l.accept(execution));
                    machines.removeIfUnused(execution.machine.arn());
                });
    }

    ObjectNode stop(StepFunctionsRequest in) {
        in.allow("executionArn", "error", "cause");
        Execution execution = kept.require(in.required("executionArn"));
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
        Execution execution = kept.require(in.required("executionArn"));
        Instant now = clock.instant();
        execution.withLock(
                () -> {
                    String reason = execution.view().redriveObstacle(now);
                    if (reason != null) {
                        throw AwsErrorException.client("ExecutionNotRedrivable", reason);
                    }
                    if (execution.history.events().size() >= ExecutionHistory.LIMIT - 1) {
                        throw AwsErrorException.client(
                                "ExecutionNotRedrivable",
                                "Execution history event limit has been reached");
                    }
                    if (!kept.reopen(execution)) {
                        throw ExecutionRepository.unknown(execution.arn);
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
                    publisher.publish(execution, "ExecutionsRedriven");
                    run(execution, true);
                });
        return StepFunctionsJson.object().put("redriveDate", StepFunctionsJson.seconds(now));
    }

    @Override
    public Execution start(String stateMachineArn, @Nullable String name, String input) {
        return begin(stateMachineArn, name, input, null);
    }

    @Override
    public void completeTask(TaskResource.IntegrationAction action, JsonNode arguments) {
        tokenOperations.completeTask(action, arguments);
    }

    /// Ends every execution and its pending calls.
    @Override
    public void close() {
        publisher.close();
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
