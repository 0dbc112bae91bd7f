package dev.orderflow.order.approval;

import dev.orderflow.contracts.ApproveOrder;
import dev.orderflow.contracts.Messages;
import dev.orderflow.contracts.Received;
import dev.orderflow.contracts.WorkflowCommand;
import dev.orderflow.defaults.delivery.Deliveries;
import dev.orderflow.defaults.delivery.Delivery;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.order.domain.Orders;
import io.awspring.cloud.sqs.annotation.SqsListener;
import org.springframework.messaging.Message;
import org.springframework.stereotype.Component;

/// Hears the workflow ask for a decision.
@Component
class ApprovalRequestListener {

    /// What Step Functions says of its tokens: 1 to 2048 characters.
    private static final String TOKEN = "[\\x21-\\x7E]{1,2048}";

    private final Approvals approvals;
    private final Orders orders;
    private final AnswerRound answers;
    private final Deliveries deliveries;

    ApprovalRequestListener(
            Approvals approvals, Orders orders, AnswerRound answers, Deliveries deliveries) {
        this.approvals = approvals;
        this.orders = orders;
        this.answers = answers;
        this.deliveries = deliveries;
    }

    @SqsListener(
            queueNames = "${orderflow.order.queues.approval-requests}",
            acknowledgementMode = "MANUAL")
    void on(Message<String> message) {
        deliveries.settle(message, this::handle);
    }

    Outcome handle(Delivery delivery) {
        return switch (Messages.readCommand(delivery.body())) {
            case Received.Known<WorkflowCommand>(ApproveOrder command, var _) ->
                    ask(command, delivery);
            case Received.Known<WorkflowCommand>(var other, var _) ->
                    new Outcome.Hopeless(other.command() + " is not for approval");
            case Received<WorkflowCommand> unknown ->
                    new Outcome.Hopeless(unknown.problem().orElse("unknown"));
        };
    }

    private Outcome ask(ApproveOrder command, Delivery delivery) {
        if (!command.taskToken().matches(TOKEN)) {
            return new Outcome.Hopeless("malformed message: taskToken is no token");
        }
        if (orders.standing(command.orderId()).isEmpty()) {
            return new Outcome.Hopeless("there is no such order");
        }
        var total = command.total().money();
        if (approvals.ask(command.orderId(), total, command.taskToken(), delivery.sentAt())) {
            // The customer may have cancelled already, or the decision is known from before.
            answers.soon();
        }
        return Outcome.DONE;
    }
}
