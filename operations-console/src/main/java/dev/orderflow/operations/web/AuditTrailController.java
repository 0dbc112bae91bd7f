package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.audittrail.TrailCursor;
import dev.orderflow.operations.audittrail.TrailReader;
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

    private final TrailReader trail;

    AuditTrailController(TrailReader trail) {
        this.trail = trail;
    }

    /// Entries, the newest first.
    ///
    /// @param next the cursor of the next page, absent on the last
    /// @param problems which services did not respond, so that their entries are missing
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AuditTrailPage(List<EntryBody> entries, @Nullable String next, List<String> problems) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EntryBody(
            Instant at,
            String recordedBy,
            String operator,
            String operatorName,
            String action,
            String subject,
            @Nullable String reason,
            @Nullable String detail) {

        static EntryBody of(AuditTrail.AuditTrailEntry entry) {
            return new EntryBody(
                    entry.at(),
                    entry.recordedBy(),
                    entry.operator(),
                    entry.operatorName(),
                    entry.action(),
                    entry.subject(),
                    entry.reason().orElse(null),
                    entry.detail().orElse(null));
        }
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    AuditTrailPage page(
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(TrailReader.MAX_ENTRIES) int limit) {
        var found =
                trail.findBefore(
                        Optional.ofNullable(subject).map(AuditTrailController::replaceNul),
                        Optional.ofNullable(cursor).map(TrailCursor::parse),
                        limit);
        return new AuditTrailPage(
                found.entries().stream().map(EntryBody::of).toList(),
                found.next().map(TrailCursor::toString).orElse(null),
                found.problems());
    }

    /// Postgres rejects NUL in text, and no entry has one in its subject.
    private static String replaceNul(String subject) {
        return subject.replace("\0", "?");
    }
}
