package dev.orderflow.order.approval;

import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.State;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Where people decide.
@Component
class ApprovalDesk {

    private static final Logger log = LoggerFactory.getLogger(ApprovalDesk.class);

    private final Approvals approvals;
    private final Orders orders;
    private final AnswerRound answers;

    ApprovalDesk(Approvals approvals, Orders orders, AnswerRound answers) {
        this.approvals = approvals;
        this.orders = orders;
        this.answers = answers;
    }

    /// What became of a decision.
    sealed interface Answer {

        /// It counts, now or since it was first made.
        record Counts(Approval approval) implements Answer {}

        /// Another decision was first.
        record DecidedOtherwise(Approval approval) implements Answer {}

        /// The customer cancelled, or the order has ended.
        record TooLate(State now) implements Answer {}

        /// Nobody asked for it.
        record NotAsked() implements Answer {}
    }

    /// Decides on an order. The workflow hears of it soon, even if this process dies right away.
    Answer decide(UUID orderId, Decision decision, String by, @Nullable String note) {
        var approval = approvals.find(orderId);
        if (approval.isEmpty()) {
            return new Answer.NotAsked();
        }
        if (approval.get().decided().isEmpty()) {
            var now = orders.standing(orderId).orElseThrow().state();
            if (now instanceof State.Final || now instanceof State.CancelRequested) {
                return new Answer.TooLate(now);
            }
            if (approvals.decide(orderId, decision, by, note)) {
                log.info("order {}: {} decided", orderId, decision);
                answers.soon();
            }
            approval = approvals.find(orderId);
        }
        var first = approval.orElseThrow().decided().orElseThrow().decision();
        if (first == decision) {
            return new Answer.Counts(approval.orElseThrow());
        }
        return first == Decision.CANCEL
                ? new Answer.TooLate(orders.standing(orderId).orElseThrow().state())
                : new Answer.DecidedOtherwise(approval.orElseThrow());
    }
}
