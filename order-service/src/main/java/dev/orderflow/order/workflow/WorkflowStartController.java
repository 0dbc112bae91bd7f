package dev.orderflow.order.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Starts the workflow of one order that has none, without waiting for the scheduled check.
@RestController
@RequestMapping(path = "/internal/orders/{orderId}/workflow", produces = "application/json")
class WorkflowStartController {

    private final MissingWorkflowStarter starter;

    WorkflowStartController(MissingWorkflowStarter starter) {
        this.starter = starter;
    }

    /// @param result `STARTED` now, `RUNNING` (nothing was done) or `ENDED`
    /// @param status the status of an execution that has ended; redrive one that did not succeed
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WorkflowStartView(UUID orderId, String result, @Nullable String executionStatus) {}

    /// Starts the workflow if there never was one. Repeating it changes nothing.
    @ForOperators(value = OperatorRole.OPERATOR, action = "START_WORKFLOW")
    @PostMapping("/start")
    WorkflowStartView start(@PathVariable UUID orderId) {
        return switch (starter.startIfMissing(orderId)) {
            case MissingWorkflowStarter.MissingWorkflowResult.WorkflowStarted _ ->
                    new WorkflowStartView(orderId, "STARTED", null);
            case MissingWorkflowStarter.MissingWorkflowResult.WorkflowRunning _ ->
                    new WorkflowStartView(orderId, "RUNNING", null);
            case MissingWorkflowStarter.MissingWorkflowResult.WorkflowEnded(var status) ->
                    new WorkflowStartView(orderId, "ENDED", status);
            case MissingWorkflowStarter.MissingWorkflowResult.OrderIsFinal(var state) ->
                    throw Problem.of(HttpStatus.CONFLICT, "order-final", "The order is final")
                            .detail("The order is " + state.code() + ".")
                            .with("orderId", orderId)
                            .with("state", state.code());
            case MissingWorkflowStarter.MissingWorkflowResult.OrderTooOld _ ->
                    throw Problem.of(HttpStatus.CONFLICT, "order-too-old", "The order is too old")
                            .detail(
                                    "Step Functions deletes an execution after 90 days, so it is unknown"
                                            + " whether this order had one.")
                            .with("orderId", orderId);
            case MissingWorkflowStarter.MissingWorkflowResult.StartRefused(var reason) ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "workflow-refused",
                                    "The workflow cannot be started")
                            .detail(reason + ".")
                            .with("orderId", orderId);
            case MissingWorkflowStarter.MissingWorkflowResult.UnknownOrder _ ->
                    throw Problem.of(HttpStatus.NOT_FOUND, "order-not-found", "Order not found")
                            .with("orderId", orderId);
            case MissingWorkflowStarter.MissingWorkflowResult.TemporarilyUnavailable(var reason) ->
                    throw Problem.of(
                                    HttpStatus.SERVICE_UNAVAILABLE,
                                    "temporarily-unavailable",
                                    "Temporarily unavailable")
                            .detail("The call of Step Functions failed: " + reason + ".")
                            .retryAfter(Duration.ofSeconds(5));
        };
    }
}
