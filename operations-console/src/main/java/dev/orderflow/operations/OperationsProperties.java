package dev.orderflow.operations;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// The services that the console calls, and the workflow that it manages.
///
/// @param stateMachineArn the state machine whose failed executions are listed and redriven
@Validated
@ConfigurationProperties("orderflow.operations")
public record OperationsProperties(
        @NotBlank String stateMachineArn,
        @Valid @NotNull ServiceAddress orderService,
        @Valid @NotNull ServiceAddress inventoryService,
        @Valid @NotNull ServiceAddress paymentService,
        @Valid @NotNull ServiceAddress shippingService,
        @Valid @NotNull ServiceAddress notificationService,
        @Valid @NotNull ServiceAddress analyticsService) {

    /// The ARN of an execution of the state machine.
    ///
    /// @param name the name of the execution, which is the id of its order
    public String executionArn(String name) {
        return stateMachineArn.replace(":stateMachine:", ":execution:") + ":" + name;
    }

    /// @param url the base URL of the internal API of a service
    public record ServiceAddress(@NotNull URI url) {}
}
