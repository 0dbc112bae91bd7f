package dev.orderflow.order.workflow;

import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.workitems.WorkItemService;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Puts the order of a workflow that ended badly before a person.
@Component
class WorkflowFailureService {

    /// States that undo something; the workflow's definition names them.
    private static final Set<String> COMPENSATIONS = Set.of("VoidPayment", "ReleaseInventory");

    private final WorkItemService workItems;
    private final WorkflowClient workflows;

    WorkflowFailureService(WorkItemService attention, WorkflowClient workflows) {
        this.workItems = attention;
        this.workflows = workflows;
    }

    /// Reports it. Doing so again in the same words changes nothing.
    ///
    /// @param error the name of the error it ended with, when that is known
    /// @param gatewayCode why the gateway refused a payment, when that is what it ended with
    /// @throws RuntimeException when Step Functions cannot be asked where it ended
    void report(
            UUID orderId,
            FailedExecution.FailureStatus status,
            Optional<String> error,
            Optional<String> gatewayCode) {
        var stoppedAt = workflows.findLastState(orderId);
        workItems.raise(
                orderId,
                stoppedAt.filter(COMPENSATIONS::contains).isPresent()
                        ? WorkItemKind.COMPENSATION_FAILED
                        : WorkItemKind.WORKFLOW_FAILED,
                "workflow "
                        + status
                        + stoppedAt.map(state -> " in " + state).orElse("")
                        + error.map(name -> ": " + name).orElse("")
                        + gatewayCode.map(code -> ", gateway: " + code).orElse(""));
    }
}
