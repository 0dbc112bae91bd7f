package dev.orderflow.operations.pages;

import dev.orderflow.defaults.confirmations.Confirmations;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.approvals.ApprovalDecisionService;
import dev.orderflow.operations.approvals.ApprovalDecisionService.DecisionType;
import dev.orderflow.operations.approvals.ApprovalsClient;
import dev.orderflow.operations.approvals.PaymentConfirmationsClient;
import dev.orderflow.operations.pages.ApprovalsPage.WaitingForSecondPerson;
import dev.orderflow.operations.workflow.WorkflowReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists and decides approvals, and confirms the actions of others.
@RestController
@RequestMapping(produces = PageRenderer.HTML)
class ApprovalsPageController {

    private static final Map<String, String> DONE =
            Map.of(
                    "approved", "The order is approved; its workflow goes on.",
                    "rejected", "The order is rejected; its workflow undoes what it has done.",
                    "confirmed", "The action is confirmed and executed.",
                    "requested", "Nothing was done yet: another person must confirm it here.");

    private final PageRenderer pages;
    private final ApprovalsClient approvals;
    private final ApprovalDecisionService decisions;
    private final Confirmations confirmations;
    private final PaymentConfirmationsClient refunds;
    private final WorkflowReader workflow;

    ApprovalsPageController(
            PageRenderer pages,
            ApprovalsClient approvals,
            ApprovalDecisionService decisions,
            Confirmations confirmations,
            PaymentConfirmationsClient refunds,
            WorkflowReader workflow) {
        this.workflow = workflow;
        this.pages = pages;
        this.approvals = approvals;
        this.decisions = decisions;
        this.confirmations = confirmations;
        this.refunds = refunds;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/approvals")
    ResponseEntity<String> list(
            PageContext context, @RequestParam(required = false) @Nullable String done) {
        return pages.render(
                "approvals.jte",
                new ApprovalsPage(
                        context,
                        Optional.ofNullable(done).map(DONE::get),
                        PagePart.read(approvals::findPending),
                        PagePart.read(() -> workflow.readDefinition().approvalTimeLimit()),
                        actions(),
                        PagePart.read(this::waitingRefunds)));
    }

    private List<WaitingForSecondPerson> actions() {
        return confirmations.findWaiting().stream()
                .map(
                        action ->
                                new WaitingForSecondPerson(
                                        action.id(),
                                        action.target(),
                                        action.description(),
                                        action.requestedBy(),
                                        action.requestedByName(),
                                        action.requestedAt(),
                                        action.expiresAt(),
                                        "/confirmations/" + action.id()))
                .toList();
    }

    private List<WaitingForSecondPerson> waitingRefunds() {
        return refunds.findWaiting().stream()
                .map(
                        refund ->
                                new WaitingForSecondPerson(
                                        refund.id(),
                                        refund.target(),
                                        refund.description(),
                                        refund.requestedBy(),
                                        refund.requestedByName(),
                                        refund.requestedAt(),
                                        refund.expiresAt(),
                                        "/confirmations/refunds/" + refund.id()))
                .toList();
    }

    @ForOperators(OperatorRole.APPROVER)
    @PostMapping("/approvals/{orderId}/decision")
    ResponseEntity<Void> decide(
            @PathVariable UUID orderId,
            @RequestParam DecisionType decision,
            @RequestParam String note) {
        decisions.decide(orderId, decision, Optional.of(note));
        return PageRedirect.done(
                "/approvals",
                switch (decision) {
                    case APPROVE -> "approved";
                    case REJECT -> "rejected";
                });
    }

    @ForOperators(OperatorRole.APPROVER)
    @PostMapping("/confirmations/{id}")
    ResponseEntity<Void> confirm(@PathVariable UUID id, Operator operator) {
        confirmations.confirm(id, operator);
        return PageRedirect.done("/approvals", "confirmed");
    }

    @ForOperators(OperatorRole.APPROVER)
    @PostMapping("/confirmations/refunds/{id}")
    ResponseEntity<Void> confirmRefund(@PathVariable UUID id) {
        refunds.confirm(id);
        return PageRedirect.done("/approvals", "confirmed");
    }
}
