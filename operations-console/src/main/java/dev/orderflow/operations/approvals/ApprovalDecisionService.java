package dev.orderflow.operations.approvals;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.operations.services.ServiceProblemException;
import dev.orderflow.operations.services.ServiceUnavailableException;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Decides approvals. order-service verifies and records the person.
@Component
public class ApprovalDecisionService {

    /// The maximum length of a note.
    public static final int MAX_NOTE = 500;

    private final ApprovalsClient approvals;

    ApprovalDecisionService(ApprovalsClient approvals) {
        this.approvals = approvals;
    }

    /// The decisions of an approval.
    public enum DecisionType {
        APPROVE,
        REJECT
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
    public JsonNode decide(UUID orderId, DecisionType decision, Optional<String> note) {
        return approvals.decide(orderId, decision, note.map(ApprovalDecisionService::requireNote));
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
