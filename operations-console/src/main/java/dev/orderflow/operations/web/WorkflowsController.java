package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.executions.FailedExecutionService;
import dev.orderflow.operations.redrive.RedriveTask;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists, redrives and dismisses failed executions of the workflow.
@RestController
@RequestMapping(path = "/internal/operations/workflows", produces = "application/json")
class WorkflowsController {

    private final FailedExecutionService executions;
    private final RedriveConfirmation confirmation;

    WorkflowsController(FailedExecutionService executions, RedriveConfirmation confirmation) {
        this.executions = executions;
        this.confirmation = confirmation;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ExecutionsPageBody(
            List<FailureGroupBody> groups, List<ExecutionBody> executions, @Nullable String next) {}

    record FailureGroupBody(String group, int count) {}

    /// @param refusal why the execution cannot be redriven, or in a dry run why it is blocked
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ExecutionBody(
            String executionName,
            String status,
            String group,
            Instant stoppedAt,
            int redriveCount,
            boolean redrivable,
            @Nullable String refusal,
            String orderState) {

        static ExecutionBody of(FailedExecutionService.FailedExecutionView view) {
            var execution = view.execution();
            return new ExecutionBody(
                    execution.name(),
                    execution.status(),
                    execution.group(),
                    execution.stoppedAt(),
                    execution.redriveCount(),
                    execution.refusal().isEmpty(),
                    execution.refusal().orElse(null),
                    view.orderState());
        }
    }

    record ExecutionRedrivePlanBody(
            boolean dryRun,
            boolean complete,
            int selected,
            int missing,
            List<ExecutionBody> redriven,
            List<ExecutionBody> blocked) {

        static ExecutionRedrivePlanBody of(FailedExecutionService.ExecutionPlan plan) {
            return new ExecutionRedrivePlanBody(
                    true,
                    plan.complete(),
                    plan.selected(),
                    plan.missing(),
                    plan.permitted().stream().map(ExecutionBody::of).toList(),
                    plan.blocked().stream().map(ExecutionBody::of).toList());
        }
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/failed")
    ExecutionsPageBody failed(
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(100) int limit) {
        FailedExecutionService.FailedExecutionsPage page;
        try {
            page = executions.page(Optional.ofNullable(cursor), limit);
        } catch (IllegalArgumentException _) {
            throw Problem.of(HttpStatus.BAD_REQUEST, "invalid-cursor", "Invalid cursor")
                    .detail(
                            "Use the cursor of the page before, or omit it to begin with the first page.");
        }
        return new ExecutionsPageBody(
                page.groups().entrySet().stream()
                        .map(group -> new FailureGroupBody(group.getKey(), group.getValue()))
                        .toList(),
                page.executions().stream().map(ExecutionBody::of).toList(),
                page.next().orElse(null));
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/redrive")
    ResponseEntity<?> redrive(
            @Valid @RequestBody RedriveRequest.ExecutionsRedriveRequest request,
            Operator operator) {
        var selection = request.selection();
        if (request.isDryRun()) {
            return ResponseEntity.ok(
                    ExecutionRedrivePlanBody.of(
                            executions.planRedrive(selection, request.isForced())));
        }
        return confirmation.startOrStore(
                request.toTask(
                        RedriveTask.RedriveAction.REDRIVE,
                        RedriveTask.WORKFLOWS,
                        selection,
                        operator),
                () -> executions.planRedrive(selection, request.isForced()).selected());
    }

    /// What a dismissal would do.
    record DismissalBody(
            boolean dryRun,
            boolean complete,
            int selected,
            int missing,
            List<ExecutionBody> dismissed,
            List<ExecutionBody> blocked) {

        static DismissalBody of(FailedExecutionService.ExecutionPlan plan) {
            return new DismissalBody(
                    true,
                    plan.complete(),
                    plan.selected(),
                    plan.missing(),
                    plan.permitted().stream().map(ExecutionBody::of).toList(),
                    plan.blocked().stream().map(ExecutionBody::of).toList());
        }
    }

    /// Removes failed executions from the list, without changing them.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/dismiss")
    ResponseEntity<?> dismiss(
            @Valid @RequestBody RedriveRequest.ExecutionsRedriveRequest request,
            Operator operator) {
        var selection = request.selection();
        if (request.isDryRun()) {
            return ResponseEntity.ok(
                    DismissalBody.of(executions.planDismissal(selection, request.isForced())));
        }
        return confirmation.startOrStore(
                request.toTask(
                        RedriveTask.RedriveAction.DISMISS,
                        RedriveTask.WORKFLOWS,
                        selection,
                        operator),
                () -> executions.planDismissal(selection, request.isForced()).selected());
    }
}
