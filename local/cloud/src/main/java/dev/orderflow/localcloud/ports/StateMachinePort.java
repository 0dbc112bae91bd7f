package dev.orderflow.localcloud.ports;

import org.jspecify.annotations.Nullable;

/// Access to state machines for other services.
public interface StateMachinePort {

    /// Starts an execution as `StartExecution` does.
    ///
    /// @param name the execution's name, generated when absent
    /// @param input the execution's input, JSON
    /// @return the execution's ARN
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException `StateMachineDoesNotExist`,
    ///     `InvalidExecutionInput`, `ExecutionAlreadyExists` and the other refusals of that API
    String startExecution(String stateMachineArn, @Nullable String name, String input);
}
