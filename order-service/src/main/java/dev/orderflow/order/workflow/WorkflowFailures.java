package dev.orderflow.order.workflow;

import dev.orderflow.order.domain.Concern;
import dev.orderflow.order.progress.Attention;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Puts the order of a workflow that ended badly before a person.
@Component
class WorkflowFailures {

    /// States that undo something; the workflow's definition names them.
    private static final Set<String> COMPENSATIONS = Set.of("VoidPayment", "ReleaseInventory");

    private final Attention attention;
    private final Workflows workflows;

    WorkflowFailures(Attention attention, Workflows workflows) {
        this.attention = attention;
        this.workflows = workflows;
    }

    /// Reports it. Doing so again in the same words changes nothing.
    ///
    /// @param error the name of the error it ended with, when that is known
    /// @param gatewayCode why the gateway refused a payment, when that is what it ended with
    /// @throws RuntimeException when Step Functions cannot be asked where it ended
    void report(
            UUID orderId,
            EndedExecution.Status status,
            Optional<String> error,
            Optional<String> gatewayCode) {
        var stoppedAt = workflows.lastState(orderId);
        attention.flag(
                orderId,
                stoppedAt.filter(COMPENSATIONS::contains).isPresent()
                        ? Concern.COMPENSATION_FAILED
                        : Concern.WORKFLOW_FAILED,
                "workflow "
                        + status
                        + stoppedAt.map(state -> " in " + state).orElse("")
                        + error.map(name -> ": " + name).orElse("")
                        + gatewayCode.map(code -> ", gateway: " + code).orElse(""));
    }
}
