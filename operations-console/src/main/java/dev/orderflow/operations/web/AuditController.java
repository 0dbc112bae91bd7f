package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.auditor.AuditCursor;
import dev.orderflow.operations.auditor.Auditor;
import dev.orderflow.operations.auditor.Auditor.Violation;
import dev.orderflow.operations.auditor.Invariant;
import dev.orderflow.operations.auditor.ViolationLog;
import dev.orderflow.operations.services.ServiceUnavailableException;
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

/// Lists violations of invariants, and audits on request.
@RestController
@RequestMapping(path = "/internal/operations", produces = "application/json")
class AuditController {

    private final Auditor auditor;
    private final ViolationLog violations;
    private final AuditCursor auditCursor;

    AuditController(Auditor auditor, ViolationLog violations, AuditCursor auditCursor) {
        this.auditor = auditor;
        this.violations = violations;
        this.auditCursor = auditCursor;
    }

    enum ViolationFilter {
        open,
        all
    }

    /// @param comparedUntil when everything was last compared
    /// @param next the cursor of the next page, absent on the last
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record ViolationPage(
            List<RecordedViolationBody> violations, Instant comparedUntil, Optional<String> next) {}

    /// @param subject an order id or an article's SKU
    /// @param statement what the invariant requires
    /// @param detail what the services recorded instead
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record RecordedViolationBody(
            Invariant invariant,
            String statement,
            String subject,
            String detail,
            Instant firstSeen,
            Instant openedAt,
            Optional<Instant> clearedAt) {

        static RecordedViolationBody of(ViolationLog.RecordedViolation violation) {
            return new RecordedViolationBody(
                    violation.invariant(),
                    violation.invariant().statement(),
                    violation.subject(),
                    violation.detail(),
                    violation.firstSeen(),
                    violation.openedAt(),
                    violation.clearedAt());
        }
    }

    /// A class and not a record, because a record requires every component.
    static final class AuditRequest {

        /// The order to audit; absent for all orders and all stock.
        @JsonProperty @Nullable UUID orderId;
    }

    /// @param checked how many orders or articles each invariant applied to
    /// @param violations all violations at this moment, including those within the grace period
    record AuditReportBody(
            int orders,
            int articles,
            TreeMap<Invariant, Integer> checked,
            List<ViolationBody> violations) {

        static AuditReportBody of(Auditor.AuditReport report) {
            return new AuditReportBody(
                    report.orders(),
                    report.articles(),
                    new TreeMap<>(report.checked()),
                    report.violations().stream().map(ViolationBody::of).toList());
        }
    }

    record ViolationBody(Invariant invariant, String statement, String subject, String detail) {

        static ViolationBody of(Violation violation) {
            return new ViolationBody(
                    violation.invariant(),
                    violation.invariant().statement(),
                    violation.subject(),
                    violation.detail());
        }
    }

    /// The violations that outlasted the grace period, the newest first.
    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/violations")
    ViolationPage violations(
            @RequestParam(defaultValue = "open") ViolationFilter state,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) @Min(1) long cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
        var found = violations.findViolations(state == ViolationFilter.all, cursor, limit + 1);
        var shown = found.stream().limit(limit).toList();
        return new ViolationPage(
                shown.stream().map(RecordedViolationBody::of).toList(),
                auditCursor.comparedUntil(),
                found.size() > limit
                        ? Optional.of(Long.toString(shown.getLast().id()))
                        : Optional.empty());
    }

    /// Audits immediately and returns what was compared.
    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @PostMapping("/audit")
    AuditReportBody audit(@RequestBody AuditRequest request) {
        try {
            if (request.orderId == null) {
                return AuditReportBody.of(auditor.auditAll());
            }
            return auditor.auditOrder(request.orderId)
                    .map(AuditReportBody::of)
                    .orElseThrow(
                            () ->
                                    Problem.of(
                                            HttpStatus.NOT_FOUND,
                                            "order-not-found",
                                            "Order not found"));
        } catch (ServiceUnavailableException unavailable) {
            throw Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "audit-incomplete", "Audit incomplete")
                    .detail(String.valueOf(unavailable.getMessage()))
                    .retryAfter(Duration.ofSeconds(5));
        }
    }
}
