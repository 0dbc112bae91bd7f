package dev.orderflow.operations.pages;

import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.auditor.ViolationLog.RecordedViolation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The violations of invariants.
///
/// @param isWithCleared whether those are shown too that no longer exist
/// @param comparedUntil everything before this time was audited
/// @param next the cursor of the next page; empty on the last
public record AuditPage(
        PageContext context,
        boolean isWithCleared,
        List<RecordedViolation> violations,
        Instant comparedUntil,
        Optional<Long> next) {

    /// Whether the subject of a violation is an order.
    public boolean isOrder(RecordedViolation violation) {
        return UuidFormat.parse(violation.subject()).isPresent();
    }
}
