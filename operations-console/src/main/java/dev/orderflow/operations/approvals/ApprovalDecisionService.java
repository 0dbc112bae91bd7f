package dev.orderflow.operations.approvals;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.audittrail.AuditedRequests;
import dev.orderflow.operations.services.ServiceProblemException;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Decides approvals, and records who decided in the audit trail. order-service verifies and
/// records the same person.
@Component
public class ApprovalDecisionService {

    /// The maximum length of a note.
    public static final int MAX_NOTE = 500;

    private final ApprovalsClient approvals;
    private final AuditedRequests requests;

    ApprovalDecisionService(ApprovalsClient approvals, AuditedRequests requests) {
        this.approvals = approvals;
        this.requests = requests;
    }

    /// The decisions of an approval.
    public enum DecisionType {
        APPROVE,
        REJECT;

        /// The action in the audit trail, which is recorded before order-service is called.
        public String auditAction() {
            return this + "_ORDER";
        }
    }

    /// Decides an approval. Repeating it changes nothing.
    ///
    /// @param note the reason, on one line; empty for none
    /// @return the approval as order-service has it now
    /// @throws InvalidValueException when the note is not valid; nothing was done
    /// @throws ServiceProblemException when it was decided before, is no longer pending, or no
    ///     approval was requested
    /// @throws ServiceUnavailableException when order-service does not respond, so that it is not
    ///     known whether it is decided
    public JsonNode decide(
            UUID orderId, DecisionType decision, Operator operator, Optional<String> note) {
        var line = note.map(ApprovalDecisionService::requireNote);
        return requests.send(
                operator,
                decision.auditAction(),
                orderId.toString(),
                line.orElse("no note"),
                () -> approvals.decide(orderId, decision, line));
    }

    /// Checks a note.
    ///
    /// @return it without blanks around it
    /// @throws InvalidValueException when it is blank, has several lines or more than [#MAX_NOTE]
    ///     characters
    public static String requireNote(String note) {
        return TextLine.require("note", note, MAX_NOTE).strip();
    }
}
