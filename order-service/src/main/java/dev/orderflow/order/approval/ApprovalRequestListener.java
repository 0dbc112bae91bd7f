package dev.orderflow.order.approval;

import dev.orderflow.contracts.ApproveOrder;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.contracts.WorkflowCommand;
import dev.orderflow.defaults.delivery.HandlingResult;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.delivery.SqsMessageHandler;
import dev.orderflow.order.domain.Orders;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Receives the workflow's requests for approval.
@Component
class ApprovalRequestListener {

    private final Approvals approvals;
    private final Orders orders;
    private final TaskTokenSender taskTokenSender;
    private final SqsMessageHandler messageHandler;

    ApprovalRequestListener(
            Approvals approvals,
            Orders orders,
            TaskTokenSender taskTokenSender,
            SqsMessageHandler messageHandler) {
        this.approvals = approvals;
        this.orders = orders;
        this.taskTokenSender = taskTokenSender;
        this.messageHandler = messageHandler;
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.approval-requests}",
            acknowledgementMode = "MANUAL")
    void onMessage(Message<String> message) {
        messageHandler.handle(message, this::handle);
    }

    HandlingResult handle(ReceivedMessage message) {
        return switch (MessageCodec.readCommand(message.body())) {
            case ParsedMessage.ValidMessage<WorkflowCommand>(ApproveOrder command, var _) ->
                    recordRequest(command, message);
            case ParsedMessage.ValidMessage<WorkflowCommand>(var other, var _) ->
                    new HandlingResult.Reject(other.command() + " is not for approval");
            case ParsedMessage<WorkflowCommand> unknown ->
                    new HandlingResult.Reject(unknown.rejectionReason().orElse("unknown"));
        };
    }

    private HandlingResult recordRequest(ApproveOrder command, ReceivedMessage message) {
        if (orders.findState(command.orderId()).isEmpty()) {
            return new HandlingResult.Reject("there is no such order");
        }
        var total = command.total().money();
        if (approvals.recordRequest(
                command.orderId(), total, command.taskToken(), message.sentAt())) {
            // The customer may have cancelled already, or the decision is known from before.
            taskTokenSender.wakeUp();
        }
        return HandlingResult.ACKNOWLEDGE;
    }
}
