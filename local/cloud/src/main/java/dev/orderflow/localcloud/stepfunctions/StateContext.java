package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.ExecutionBranch;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import tools.jackson.databind.node.ObjectNode;

/// The context object of a state, which expressions read as `$states.context` and `$$`
/// (docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html).
final class StateContext {

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private StateContext() {}

    /// @param retries the number of retries of the state so far
    static ObjectNode of(
            Execution execution,
            ExecutionBranch branch,
            AslState state,
            Instant enteredAt,
            int retries) {
        ObjectNode context = StepFunctionsJson.object();
        ObjectNode executionNode = context.putObject("Execution");
        executionNode.put("Id", execution.arn);
        executionNode.set("Input", execution.parsedInput);
        executionNode.put("StartTime", time(execution.startedAt));
        executionNode.put("Name", execution.name);
        executionNode.put("RoleArn", execution.machine.roleArn());
        executionNode.put("RedriveCount", execution.redriveCount());
        Instant redrivenAt = execution.redrivenAt();
        if (redrivenAt != null) {
            executionNode.put("RedriveTime", time(redrivenAt));
        }
        ObjectNode machine = context.putObject("StateMachine");
        machine.put("Id", execution.machine.arn());
        machine.put("Name", execution.machine.name());
        ObjectNode stateNode = context.putObject("State");
        stateNode.put("Name", state.head().name());
        stateNode.put("EnteredTime", time(enteredAt));
        switch (state) {
            case AslState.TaskState _, AslState.ParallelState _, AslState.MapState _ ->
                    stateNode.put("RetryCount", retries);
            case AslState.PassState _,
                    AslState.ChoiceState _,
                    AslState.WaitState _,
                    AslState.SucceedState _,
                    AslState.FailState _ -> {}
        }
        ObjectNode item = branch.mapItem;
        if (item != null) {
            context.putObject("Map").set("Item", item);
        }
        return context;
    }

    /// A time as the context object and the responses of integrations contain it.
    static String time(Instant instant) {
        return MILLIS.format(instant);
    }
}
