package dev.orderflow.operations.web;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.approvals.ApprovalDecisionService;
import dev.orderflow.operations.approvals.ApprovalDecisionService.DecisionType;
import dev.orderflow.operations.services.ServiceProblemException;
import dev.orderflow.operations.services.ServiceUnavailableException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Decides approvals of order-service, so that the decision is in the audit trail.
@RestController
class ApprovalDecisionsController {

    private final ApprovalDecisionService decisions;

    ApprovalDecisionsController(ApprovalDecisionService decisions) {
        this.decisions = decisions;
    }

    /// The body of a decision.
    ///
    /// @param decision a string, because Jackson would also read an enum from its ordinal
    /// @param note why, 1 to 500 characters on one line; absent for none
    record ApprovalDecisionBody(
            @NotNull @Pattern(regexp = "APPROVE|REJECT", message = "must be APPROVE or REJECT")
                    String decision,
            @Nullable String note) {

        ApprovalDecisionBody {
            note = note == null ? null : ApprovalDecisionService.requireNote(note);
        }
    }

    /// The first decision is final. Repeating it changes nothing.
    ///
    /// @return the approval as order-service has it now
    @ForOperators(OperatorRole.APPROVER)
    @PostMapping(
            path = "/internal/operations/approvals/{orderId}/decision",
            consumes = "application/json",
            produces = "application/json")
    JsonNode decide(@PathVariable UUID orderId, @Valid @RequestBody ApprovalDecisionBody request) {
        try {
            return decisions.decide(
                    orderId,
                    DecisionType.valueOf(request.decision()),
                    Optional.ofNullable(request.note()));
        } catch (ServiceProblemException refused) {
            throw passOn(orderId, refused);
        } catch (ServiceUnavailableException unavailable) {
            throw ServiceProblems.repeatable(String.valueOf(unavailable.getMessage()));
        }
    }

    private static Problem passOn(UUID orderId, ServiceProblemException refused) {
        if (refused.isOfType("approval-not-found")) {
            return Problem.of(
                            HttpStatus.NOT_FOUND, "approval-not-found", "No approval was requested")
                    .with("orderId", orderId);
        }
        var detail = refused.problem().path("detail").asString("");
        if (refused.isOfType("approval-already-decided")) {
            return Problem.of(HttpStatus.CONFLICT, "approval-already-decided", "Already decided")
                    .detail(detail)
                    .with("orderId", orderId)
                    .with("decision", refused.problem().path("decision").asString(""))
                    .with("decidedBy", refused.problem().path("decidedBy").asString(""))
                    .with("decidedAt", refused.problem().path("decidedAt").asString(""));
        }
        if (refused.isOfType("approval-not-pending")) {
            return Problem.of(
                            HttpStatus.CONFLICT,
                            "approval-not-pending",
                            "The approval is no longer pending")
                    .detail(detail)
                    .with("orderId", orderId)
                    .with("state", refused.problem().path("state").asString(""));
        }
        return ServiceProblems.unavailable(String.valueOf(refused.getMessage()));
    }
}
