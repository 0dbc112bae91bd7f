package dev.orderflow.order.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The internal API of approvals: list, show and decide.
@RestController
@RequestMapping(path = "/internal/approvals", produces = "application/json")
class ApprovalsController {

    private static final int PAGE_SIZE = 200;

    private final ApprovalService service;
    private final Approvals approvals;

    ApprovalsController(ApprovalService service, Approvals approvals) {
        this.service = service;
        this.approvals = approvals;
    }

    record ApprovalTotalView(String amount, String currency) {}

    /// The approvals that wait for a decision, longest wait first, 200 at most.
    record ApprovalPage(List<ApprovalView> approvals) {}

    /// An approval.
    ///
    /// @param decidedBy the subject of the operator, or the system's reason of a cancellation
    /// @param decidedByName the operator's name at the time of the decision
    /// @param completedAt when the workflow took the decision, or its task or the order had ended
    /// @param history the audit entries; absent in a list
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ApprovalView(
            UUID orderId,
            ApprovalTotalView total,
            Instant requestedAt,
            @Nullable ApprovalDecision decision,
            @Nullable String decidedBy,
            @Nullable String decidedByName,
            @Nullable String note,
            @Nullable Instant decidedAt,
            @Nullable Instant completedAt,
            @Nullable List<ApprovalAuditView> history) {

        static ApprovalView of(Approval approval, @Nullable List<ApprovalAuditView> history) {
            var decided = approval.decision();
            return new ApprovalView(
                    approval.orderId(),
                    new ApprovalTotalView(
                            approval.total().amount().toPlainString(),
                            approval.total().currency().getCurrencyCode()),
                    approval.requestedAt(),
                    decided.map(Approval.RecordedDecision::decision).orElse(null),
                    decided.map(Approval.RecordedDecision::decidedBy).orElse(null),
                    decided.flatMap(Approval.RecordedDecision::decidedByName).orElse(null),
                    decided.flatMap(Approval.RecordedDecision::note).orElse(null),
                    decided.map(Approval.RecordedDecision::decidedAt).orElse(null),
                    approval.completedAt().orElse(null),
                    history);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ApprovalAuditView(
            Instant at,
            String action,
            @Nullable ApprovalDecision decision,
            @Nullable String decidedBy,
            @Nullable String decidedByName,
            @Nullable String note) {

        static ApprovalAuditView of(Approvals.ApprovalAuditEntry audit) {
            return new ApprovalAuditView(
                    audit.at(),
                    audit.action(),
                    audit.decision(),
                    audit.decidedBy(),
                    audit.decidedByName(),
                    audit.note());
        }
    }

    /// The body of a decision.
    ///
    /// @param decision a string, because Jackson would also read an enum from its ordinal
    /// @param note the reason, for the audit entry only
    record DecisionRequest(
            @NotNull @Pattern(regexp = "APPROVE|REJECT", message = "must be APPROVE or REJECT")
                    String decision,
            @Size(max = 1000)
                    @Pattern(
                            regexp = TextLine.MULTI_LINE_REGEX,
                            message = "must be text without invisible characters")
                    @Nullable String note) {}

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ApprovalPage list() {
        return new ApprovalPage(
                approvals.findPending(PAGE_SIZE).stream()
                        .map(approval -> ApprovalView.of(approval, null))
                        .toList());
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{orderId}")
    ApprovalView get(@PathVariable UUID orderId) {
        return approvals
                .find(orderId)
                .map(approval -> ApprovalView.of(approval, history(orderId)))
                .orElseThrow(() -> notFound(orderId));
    }

    @ForOperators(value = OperatorRole.APPROVER, action = "DECIDE_APPROVAL")
    @PostMapping(path = "/{orderId}/decision", consumes = "application/json")
    ApprovalView decide(
            @PathVariable UUID orderId,
            @Valid @RequestBody DecisionRequest request,
            Operator operator,
            OperatorRequest recorded) {
        var decision = ApprovalDecision.valueOf(request.decision());
        recorded.describe(orderId.toString(), request.note(), decision.name());
        return switch (service.decide(orderId, decision, operator, request.note())) {
            case ApprovalService.DecideResult.DecisionRecorded(var approval) ->
                    ApprovalView.of(approval, null);
            case ApprovalService.DecideResult.AlreadyDecided(var approval) ->
                    throw alreadyDecided(approval);
            case ApprovalService.DecideResult.NoLongerPending(var state) ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "approval-not-pending",
                                    "The approval is no longer pending")
                            .detail("The order is " + state.code() + ".")
                            .with("orderId", orderId)
                            .with("state", state.code());
            case ApprovalService.DecideResult.UnknownApproval _ -> throw notFound(orderId);
        };
    }

    private List<ApprovalAuditView> history(UUID orderId) {
        return approvals.history(orderId).stream().map(ApprovalAuditView::of).toList();
    }

    private static Problem alreadyDecided(Approval approval) {
        var first = approval.decision().orElseThrow();
        return Problem.of(HttpStatus.CONFLICT, "approval-already-decided", "Already decided")
                .detail(
                        "%s decided %s first, at %s. That decision stays."
                                .formatted(
                                        first.decidedByName().orElse("The system"),
                                        first.decision(),
                                        first.decidedAt()))
                .with("orderId", approval.orderId())
                .with("decision", first.decision())
                .with("decidedBy", first.decidedBy())
                .with("decidedAt", first.decidedAt());
    }

    private static Problem notFound(UUID orderId) {
        return Problem.of(HttpStatus.NOT_FOUND, "approval-not-found", "No approval was requested")
                .with("orderId", orderId);
    }
}
