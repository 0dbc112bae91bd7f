package dev.orderflow.localcloud.ports;

import org.jspecify.annotations.Nullable;

/// State machines as the other services see them.
public interface StateMachinePort {

    /// Starts an execution as `StartExecution` would.
    ///
    /// @param name the execution's name, made up when absent
    /// @param input the execution's input, JSON
    /// @return the execution's ARN
    /// @throws dev.orderflow.localcloud.wire.AwsErrorException `StateMachineDoesNotExist`,
    ///     `InvalidExecutionInput`, `ExecutionAlreadyExists` and the other refusals of that API
    String startExecution(String stateMachineArn, @Nullable String name, String input);
}
