package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.audittrail.AuditTrail;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists the audit trail.
@RestController
@RequestMapping(path = "/internal/operations/audit-trail", produces = "application/json")
class AuditTrailController {

    private final AuditTrail auditTrail;

    AuditTrailController(AuditTrail auditTrail) {
        this.auditTrail = auditTrail;
    }

    /// Entries, the newest first.
    ///
    /// @param next the cursor of the next page, absent on the last
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuditTrailPage(List<EntryBody> entries, @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EntryBody(
            Instant at,
            String operator,
            String operatorName,
            String action,
            String subject,
            String reason,
            @Nullable String detail) {

        static EntryBody of(AuditTrail.AuditTrailEntry entry) {
            return new EntryBody(
                    entry.at(),
                    entry.operator(),
                    entry.operatorName(),
                    entry.action(),
                    entry.subject(),
                    entry.reason(),
                    entry.detail().orElse(null));
        }
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    AuditTrailPage page(
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) @Min(1) long cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
        var entries =
                auditTrail.before(
                        Optional.ofNullable(subject).map(AuditTrailController::replaceNul),
                        cursor,
                        limit + 1);
        var shown = entries.stream().limit(limit).toList();
        return new AuditTrailPage(
                shown.stream().map(EntryBody::of).toList(),
                entries.size() > limit ? Long.toString(shown.getLast().id()) : null);
    }

    /// Postgres rejects NUL in text, and no entry has one in its subject.
    private static String replaceNul(String subject) {
        return subject.replace("\0", "?");
    }
}
