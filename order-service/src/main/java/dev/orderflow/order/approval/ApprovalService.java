package dev.orderflow.order.approval;

import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.Orders;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Records the decisions of operators.
@Component
class ApprovalService {

    private static final Logger log = LoggerFactory.getLogger(ApprovalService.class);

    private final Approvals approvals;
    private final Orders orders;
    private final TaskTokenSender taskTokenSender;
    private final OrderIncidents incidents;

    ApprovalService(
            Approvals approvals,
            Orders orders,
            TaskTokenSender taskTokenSender,
            OrderIncidents incidents) {
        this.incidents = incidents;
        this.approvals = approvals;
        this.orders = orders;
        this.taskTokenSender = taskTokenSender;
    }

    /// The result of a decision.
    sealed interface DecideResult {

        /// The decision is recorded, now or by an earlier identical request of the same operator.
        record DecisionRecorded(Approval approval) implements DecideResult {}

        /// Another decision was recorded first, or the same one of another operator.
        record AlreadyDecided(Approval approval) implements DecideResult {}

        /// The customer cancelled, or the order is final.
        record NoLongerPending(OrderState state) implements DecideResult {}

        /// No approval was requested for this order.
        record UnknownApproval() implements DecideResult {}
    }

    /// Records a decision. It is sent to the workflow soon, by another instance if this one stops.
    DecideResult decide(
            UUID orderId, ApprovalDecision decision, Operator operator, @Nullable String note) {
        var approval = approvals.find(orderId);
        if (approval.isEmpty()) {
            return new DecideResult.UnknownApproval();
        }
        var isFirst = false;
        if (approval.get().decision().isEmpty()) {
            var state = orders.findState(orderId).orElseThrow().state();
            if (state instanceof OrderState.Final || state instanceof OrderState.CancelRequested) {
                return new DecideResult.NoLongerPending(state);
            }
            isFirst =
                    approvals.decide(orderId, decision, operator.subject(), operator.name(), note);
            approval = approvals.find(orderId);
        }
        if (isFirst) {
            log.info("order {}: approval decision {} recorded", orderId, decision);
            taskTokenSender.wakeUp();
        } else {
            incidents.record(
                    orderId,
                    OrderIncidentType.REQUEST_REPEATED,
                    "approval decision",
                    "A decision was sent again; the first one stays.");
        }
        var recorded = approval.orElseThrow().decision();
        if (recorded.isEmpty()) {
            // The order became final meanwhile.
            return new DecideResult.NoLongerPending(
                    orders.findState(orderId).orElseThrow().state());
        }
        var first = recorded.get();
        if (first.decision() == decision && first.decidedBy().equals(operator.subject())) {
            return new DecideResult.DecisionRecorded(approval.orElseThrow());
        }
        return first.decision() == ApprovalDecision.CANCEL
                ? new DecideResult.NoLongerPending(orders.findState(orderId).orElseThrow().state())
                : new DecideResult.AlreadyDecided(approval.orElseThrow());
    }
}
