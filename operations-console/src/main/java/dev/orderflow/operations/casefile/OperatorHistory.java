package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.text.RedactedText;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// What operators did to the messages and the workflow of an order.
@Component
class OperatorHistory implements CaseFilePart {

    private final AuditTrail auditTrail;

    OperatorHistory(AuditTrail auditTrail) {
        this.auditTrail = auditTrail;
    }

    @Override
    public String name() {
        return "audit trail";
    }

    @Override
    public OrderHistory read(UUID orderId) {
        var found = auditTrail.findBySubject(orderId.toString(), OrderHistory.MAX_ENTRIES + 1);
        return OrderHistory.of(List.of(), found.stream().map(OperatorHistory::entry).toList());
    }

    /// The operator's reason is text of a person, so it is redacted.
    private static OrderHistoryEntry entry(AuditTrail.AuditTrailEntry entry) {
        return OrderHistoryEntry.of(
                        entry.at(),
                        "operator",
                        entry.action(),
                        OrderHistoryOutcome.DONE,
                        "%s: %s, because: %s."
                                .formatted(
                                        entry.operatorName(),
                                        describe(entry.action()),
                                        RedactedText.of(entry.reason().orElse(""))))
                .withId("auditTrailEntry", Long.toString(entry.id()))
                .withLink("/internal/operations/audit-trail?subject=" + entry.subject());
    }

    private static String describe(String action) {
        return switch (action) {
            case "REDRIVE_MESSAGE" -> "sent a dead letter back to its queue";
            case "DISCARD_MESSAGE" -> "discarded a dead letter";
            case "REDRIVE_EXECUTION" -> "redrove the workflow at its failed state";
            case "DISMISS_EXECUTION" -> "removed the failed workflow from the list";
            default -> action;
        };
    }
}
