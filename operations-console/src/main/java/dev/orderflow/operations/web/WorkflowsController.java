package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.executions.FailedExecutionService;
import dev.orderflow.operations.redrive.RedriveTask;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    private final BulkActionService bulkActions;

    WorkflowsController(FailedExecutionService executions, BulkActionService bulkActions) {
        this.executions = executions;
        this.bulkActions = bulkActions;
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

    /// @param planId names the plan when it is run
    record ExecutionRedrivePlanBody(
            UUID planId,
            boolean dryRun,
            boolean complete,
            int selected,
            int missing,
            List<ExecutionBody> redriven,
            List<ExecutionBody> blocked) {

        static ExecutionRedrivePlanBody of(UUID planId, FailedExecutionService.ExecutionPlan plan) {
            return new ExecutionRedrivePlanBody(
                    planId,
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
        if (!request.isDryRun()) {
            return start(request, RedriveTask.RedriveAction.REDRIVE, operator);
        }
        var plan = executions.planRedrive(request.selection(), request.isForced());
        return ResponseEntity.ok(
                ExecutionRedrivePlanBody.of(
                        store(plan, request, RedriveTask.RedriveAction.REDRIVE, operator), plan));
    }

    private UUID store(
            FailedExecutionService.ExecutionPlan plan,
            RedriveRequest.ExecutionsRedriveRequest request,
            RedriveTask.RedriveAction action,
            Operator operator) {
        return executions
                .store(plan, action, request.selection(), request.isForced(), operator)
                .id();
    }

    private ResponseEntity<?> start(
            RedriveRequest.ExecutionsRedriveRequest request,
            RedriveTask.RedriveAction action,
            Operator operator) {
        return RedriveBody.respond(
                bulkActions.start(
                        request.toTask(bulkActions, action, RedriveTask.WORKFLOWS, operator)));
    }

    /// What a dismissal would do.
    ///
    /// @param planId names the plan when it is run
    record DismissalBody(
            UUID planId,
            boolean dryRun,
            boolean complete,
            int selected,
            int missing,
            List<ExecutionBody> dismissed,
            List<ExecutionBody> blocked) {

        static DismissalBody of(UUID planId, FailedExecutionService.ExecutionPlan plan) {
            return new DismissalBody(
                    planId,
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
        if (!request.isDryRun()) {
            return start(request, RedriveTask.RedriveAction.DISMISS, operator);
        }
        var plan = executions.planDismissal(request.selection(), request.isForced());
        return ResponseEntity.ok(
                DismissalBody.of(
                        store(plan, request, RedriveTask.RedriveAction.DISMISS, operator), plan));
    }
}
