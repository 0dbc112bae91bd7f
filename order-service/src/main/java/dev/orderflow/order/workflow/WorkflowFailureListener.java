package dev.orderflow.order.workflow;

import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.order.domain.Orders;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Receives the events of executions that failed, timed out or were aborted.
@Component
class WorkflowFailureListener {

    private final Orders orders;
    private final WorkflowFailureService failures;
    private final SqsMessageHandler messageHandler;
    private final String stateMachineArn;

    WorkflowFailureListener(
            Orders orders,
            WorkflowFailureService failures,
            SqsMessageHandler messageHandler,
            WorkflowProperties properties) {
        this.orders = orders;
        this.failures = failures;
        this.messageHandler = messageHandler;
        this.stateMachineArn = properties.unqualifiedStateMachineArn();
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.workflow-failures}",
            acknowledgementMode = "MANUAL")
    void onMessage(Message<String> message) {
        messageHandler.handle(message, this::handle);
    }

    HandlingResult handle(ReceivedMessage message) {
        FailedExecution execution;
        try {
            execution = FailedExecution.parse(message.body());
        } catch (IllegalArgumentException failure) {
            return new HandlingResult.Reject("malformed message: " + failure.getMessage());
        }
        if (!execution.stateMachineArn().equals(stateMachineArn)) {
            return new HandlingResult.Reject("an execution of another state machine");
        }
        if (orders.findState(execution.orderId()).isEmpty()) {
            return new HandlingResult.Reject("there is no such order");
        }
        failures.report(execution.orderId(), execution.status());
        return HandlingResult.ACKNOWLEDGE;
    }
}
