package dev.orderflow.order.workflow;

import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.domain.WorkItems;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Opens work items for orders whose workflow failed, timed out or was aborted, or cannot be
/// started.
@Component
class WorkflowFailureService {

    /// The compensating states of the workflow's definition.
    private static final Set<String> COMPENSATIONS = Set.of("VoidPayment", "ReleaseInventory");

    private final WorkItems workItems;
    private final WorkflowClient workflows;

    WorkflowFailureService(WorkItems workItems, WorkflowClient workflows) {
        this.workItems = workItems;
        this.workflows = workflows;
    }

    /// Opens the work item. Repeating it with the same values changes nothing.
    ///
    /// @throws RuntimeException when Step Functions cannot return the last state and the failure
    void report(UUID orderId, FailedExecution.FailureStatus status) {
        var stoppedAt = workflows.findLastState(orderId);
        var failure = workflows.findFailure(orderId);
        workItems.open(
                orderId,
                stoppedAt.filter(COMPENSATIONS::contains).isPresent()
                        ? WorkItemKind.COMPENSATION_FAILED
                        : WorkItemKind.WORKFLOW_FAILED,
                "workflow "
                        + status
                        + stoppedAt.map(state -> " in " + state).orElse("")
                        + failure.error().map(name -> ": " + name).orElse("")
                        + failure.gatewayCode().map(code -> ", gateway: " + code).orElse(""));
    }

    /// Opens the work item of an order whose missing workflow cannot be started, or replaces the
    /// reason of the item of a stuck order. Repeating it with the same reason changes nothing.
    void reportRefusedStart(UUID orderId, String reason) {
        workItems.open(orderId, WorkItemKind.STUCK, "its workflow cannot be started: " + reason);
    }
}
