package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.stepfunctions.Execution.ExecutionBranch;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// The context object of a state, which expressions read as `$states.context` and `$$`
/// (docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html).
final class StateContext {

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
        executionNode.put("StartTime", StateMachineInterpreter.time(execution.startedAt));
        executionNode.put("Name", execution.name);
        executionNode.put("RoleArn", execution.machine.roleArn());
        executionNode.put("RedriveCount", execution.redriveCount());
        Instant redrivenAt = execution.redrivenAt();
        if (redrivenAt != null) {
            executionNode.put("RedriveTime", StateMachineInterpreter.time(redrivenAt));
        }
        ObjectNode machine = context.putObject("StateMachine");
        machine.put("Id", execution.machine.arn());
        machine.put("Name", execution.machine.name());
        ObjectNode stateNode = context.putObject("State");
        stateNode.put("Name", state.head().name());
        stateNode.put("EnteredTime", StateMachineInterpreter.time(enteredAt));
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
}
