package dev.orderflow.order.workflow;

import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.order.domain.Concern;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.progress.Attention;
import io.awspring.cloud.sqs.annotation.SqsListener;
import java.util.Set;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Puts the order of a workflow that failed, timed out or was aborted before a person.
@Component
class WorkflowFailureListener {

    /// States that undo something; the workflow's definition names them.
    private static final Set<String> COMPENSATIONS = Set.of("VoidPayment", "ReleaseInventory");

    private final Orders orders;
    private final Attention attention;
    private final Workflows workflows;
    private final Deliveries deliveries;
    private final String stateMachineArn;

    WorkflowFailureListener(
            Orders orders,
            Attention attention,
            Workflows workflows,
            Deliveries deliveries,
            WorkflowProperties properties) {
        this.orders = orders;
        this.attention = attention;
        this.workflows = workflows;
        this.deliveries = deliveries;
        this.stateMachineArn = properties.stateMachineArn();
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.workflow-failures}",
            acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.settle(message, this::handle);
    }

    Outcome handle(Delivery delivery) {
        EndedExecution execution;
        try {
            execution = EndedExecution.read(delivery.body());
        } catch (IllegalArgumentException unknown) {
            return new Outcome.Hopeless("malformed message: " + unknown.getMessage());
        }
        if (!execution.stateMachineArn().equals(stateMachineArn)) {
            return new Outcome.Hopeless("an execution of another state machine");
        }
        if (orders.standing(execution.orderId()).isEmpty()) {
            return new Outcome.Hopeless("there is no such order");
        }
        var stoppedAt = workflows.lastState(execution.orderId());
        attention.flag(
                execution.orderId(),
                stoppedAt.filter(COMPENSATIONS::contains).isPresent()
                        ? Concern.COMPENSATION_FAILED
                        : Concern.WORKFLOW_FAILED,
                "workflow "
                        + execution.status()
                        + stoppedAt.map(state -> " in " + state).orElse("")
                        + execution.error().map(error -> ": " + error).orElse("")
                        + execution.gatewayCode().map(code -> ", gateway: " + code).orElse(""));
        return Outcome.DONE;
    }
}
