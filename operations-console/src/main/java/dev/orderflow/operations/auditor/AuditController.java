package dev.orderflow.operations.auditor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.auditor.Auditor.Violation;
import dev.orderflow.operations.auditor.ServiceClients.ServiceUnavailableException;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What does not hold, and the audit on request.
@RestController
@RequestMapping(path = "/internal/operations", produces = "application/json")
class AuditController {

    private final Auditor auditor;
    private final ViolationLog violations;
    private final AuditCursor progress;

    AuditController(Auditor auditor, ViolationLog violations, AuditCursor progress) {
        this.auditor = auditor;
        this.violations = violations;
        this.progress = progress;
    }

    enum Shown {
        open,
        all
    }

    /// @param comparedUntil when all that had changed by then was compared
    /// @param next the cursor of the page that follows, absent on the last
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ViolationPage(
            List<RecordedViolationBody> violations, Instant comparedUntil, Optional<String> next) {}

    /// @param subject an order's id or an article's sku
    /// @param words what must be true
    /// @param detail what was found instead
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record RecordedViolationBody(
            Invariant invariant,
            String words,
            String subject,
            String detail,
            Instant firstSeen,
            Instant openedAt,
            Optional<Instant> clearedAt) {

        static RecordedViolationBody of(ViolationLog.RecordedViolation violation) {
            return new RecordedViolationBody(
                    violation.invariant(),
                    violation.invariant().sentence(),
                    violation.subject(),
                    violation.detail(),
                    violation.firstSeen(),
                    violation.openedAt(),
                    violation.clearedAt());
        }
    }

    /// A class, since of a record every component would have to be sent.
    static final class AuditRequest {

        /// Which order; absent for all orders and all books.
        @JsonProperty @Nullable UUID orderId;
    }

    /// @param checked how often each invariant had something to say
    /// @param violations what does not hold at this moment, whether or not its grace is over
    record AuditReportBody(
            int orders,
            int articles,
            TreeMap<Invariant, Integer> checked,
            List<ViolationBody> violations) {}

    record ViolationBody(Invariant invariant, String words, String subject, String detail) {

        static ViolationBody of(Violation violation) {
            return new ViolationBody(
                    violation.invariant(),
                    violation.invariant().sentence(),
                    violation.subject(),
                    violation.detail());
        }
    }

    /// Findings, the newest first.
    @GetMapping("/violations")
    ViolationPage violations(
            @RequestParam(defaultValue = "open") Shown state,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) @Min(1) long cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
        var found = violations.all(state == Shown.all, cursor, limit + 1);
        var shown = found.stream().limit(limit).toList();
        return new ViolationPage(
                shown.stream().map(RecordedViolationBody::of).toList(),
                progress.comparedUntil(),
                found.size() > limit
                        ? Optional.of(Long.toString(shown.getLast().id()))
                        : Optional.empty());
    }

    /// Audits now and tells what was compared.
    @PostMapping("/audit")
    AuditReportBody audit(@RequestBody AuditRequest request) {
        try {
            var report =
                    request.orderId == null
                            ? auditor.auditAll()
                            : auditor.auditOrder(request.orderId);
            return new AuditReportBody(
                    report.orders(),
                    report.articles(),
                    new TreeMap<>(report.checked()),
                    report.violations().stream().map(ViolationBody::of).toList());
        } catch (ServiceUnavailableException unavailable) {
            throw Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "audit-incomplete", "Audit incomplete")
                    .detail(String.valueOf(unavailable.getMessage()))
                    .retryAfter(Duration.ofSeconds(5));
        }
    }
}
