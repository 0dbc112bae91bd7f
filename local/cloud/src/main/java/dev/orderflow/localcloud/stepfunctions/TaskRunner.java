package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.BranchAbandonedException;
import dev.orderflow.localcloud.stepfunctions.Execution.BranchPosition;
import dev.orderflow.localcloud.stepfunctions.Execution.ExecutionBranch;
import dev.orderflow.localcloud.time.CloudClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs the Task states of an execution: calls the service, and waits for a task token.
///
/// Every method requires the lock of the execution, which is released while a service is called or
/// a result is awaited.
final class TaskRunner {

    private final CloudClock clock;
    private final TaskIntegrations calls;
    private final TaskTokens tokens;

    TaskRunner(CloudClock clock, TaskIntegrations calls, TaskTokens tokens) {
        this.clock = clock;
        this.calls = calls;
        this.tokens = tokens;
    }

    /// Runs a task with a context object that may get its token.
    ///
    /// @return the output of the state
    StateDataFlow.StateOutput run(
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
            PayloadLimit.require(task, arguments);
            Duration timeout = flow.seconds("TimeoutSeconds");
            Duration heartbeat = flow.seconds("HeartbeatSeconds");
            JsonNode result =
                    perform(execution, branch, task, arguments, timeout, heartbeat, pending);
            return flow.resultOutput(result);
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
        execution.addEvent(branch, "TaskScheduled", "taskScheduledEventDetails", scheduled);
        execution.addEvent(
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
                execution.addEvent(
                        branch,
                        "TaskSubmitted",
                        "taskSubmittedEventDetails",
                        named(submitted, integration));
            } else if (answer
                    instanceof PendingTask.TaskResult.TaskFailed(String error, String cause)) {
                ObjectNode failed =
                        ExecutionHistory.failure(StepFunctionsJson.object(), error, cause);
                execution.addEvent(
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
        return record(execution, branch, task, answer);
    }

    /// Adds the event of the result.
    ///
    /// @throws StateFailedException if the task failed or timed out
    private static JsonNode record(
            Execution execution,
            ExecutionBranch branch,
            AslState.TaskState task,
            PendingTask.TaskResult result) {
        TaskResource integration = task.integration();
        switch (result) {
            case PendingTask.TaskResult.TaskSucceeded(JsonNode output) -> {
                PayloadLimit.require(task, output);
                ObjectNode details =
                        ExecutionHistory.payload(StepFunctionsJson.object(), "output", output);
                execution.addEvent(
                        branch,
                        "TaskSucceeded",
                        "taskSucceededEventDetails",
                        named(details, integration));
                return output;
            }
            case PendingTask.TaskResult.TaskFailed(String error, String cause) -> {
                ObjectNode details =
                        ExecutionHistory.failure(StepFunctionsJson.object(), error, cause);
                execution.addEvent(
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
                execution.addEvent(
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
}
