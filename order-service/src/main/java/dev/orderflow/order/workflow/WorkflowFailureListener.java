package dev.orderflow.order.workflow;

import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.order.domain.Orders;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Puts the order of a workflow that failed, timed out or was aborted before a person.
@Component
class WorkflowFailureListener {

    private final Orders orders;
    private final WorkflowFailures failures;
    private final Deliveries deliveries;
    private final String stateMachineArn;

    WorkflowFailureListener(
            Orders orders,
            WorkflowFailures failures,
            Deliveries deliveries,
            WorkflowProperties properties) {
        this.orders = orders;
        this.failures = failures;
        this.deliveries = deliveries;
        this.stateMachineArn = properties.unqualifiedArn();
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
        failures.report(
                execution.orderId(),
                execution.status(),
                execution.error(),
                execution.gatewayCode());
        return Outcome.DONE;
    }
}
