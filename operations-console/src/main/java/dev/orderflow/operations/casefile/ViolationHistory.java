package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.operations.auditor.ViolationLog;
import dev.orderflow.operations.text.RedactedText;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// The invariants that an order violated.
@Component
class ViolationHistory implements CaseFilePart {

    private final ViolationLog violations;

    ViolationHistory(ViolationLog violations) {
        this.violations = violations;
    }

    @Override
    public String name() {
        return "auditor";
    }

    @Override
    public OrderHistory read(UUID orderId) {
        return OrderHistory.of(
                List.of(),
                violations.findBySubject(orderId.toString(), OrderHistory.MAX_ENTRIES + 1).stream()
                        .map(ViolationHistory::entry)
                        .toList());
    }

    private static OrderHistoryEntry entry(ViolationLog.RecordedViolation violation) {
        return OrderHistoryEntry.of(
                        violation.firstSeen(),
                        "auditor",
                        "VIOLATION",
                        OrderHistoryOutcome.FAILED,
                        "The invariant %s %s violated: %s."
                                .formatted(
                                        violation.invariant(),
                                        violation.clearedAt().isPresent() ? "was" : "is",
                                        RedactedText.of(violation.detail())))
                .until(violation.clearedAt().orElse(null))
                .withId("violationId", Long.toString(violation.id()))
                .withLink("/internal/operations/violations?state=all");
    }
}
