package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveResultService;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows, pauses, resumes and cancels redrives, discards and dismissals.
@RestController
@RequestMapping(path = "/internal/operations/redrives", produces = "application/json")
class RedrivesController {

    private static final int MAX_REDRIVES = 100;

    private final RedriveService redrives;
    private final RedriveResultService results;
    private final RedrivePlans plans;

    RedrivesController(RedriveService redrives, RedriveResultService results, RedrivePlans plans) {
        this.results = results;
        this.plans = plans;
        this.redrives = redrives;
    }

    /// The latest redrives, the newest first.
    record RedrivesPage(List<RedriveBody> redrives) {}

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    RedrivesPage latest() {
        return new RedrivesPage(
                redrives.latest(MAX_REDRIVES).stream().map(RedriveBody::of).toList());
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{id}")
    RedriveBody show(@PathVariable UUID id) {
        return redrives.find(id)
                .map(redrive -> RedriveBody.of(redrive, results.grade(redrive)))
                .orElseThrow(RedrivesController::notFound);
    }

    /// A stored plan of a redrive, a discard or a dismissal.
    ///
    /// @param complete whether all items of the target were read
    /// @param plannedActions how many items have each planned action
    /// @param examples the first items, as many as `examples` of the request
    /// @param redriveIds the redrives that ran it
    record RedrivePlanBody(
            UUID planId,
            String target,
            RedriveTask.RedriveAction action,
            String selection,
            boolean force,
            boolean complete,
            int selected,
            String operator,
            String operatorName,
            Instant plannedAt,
            Map<PlannedAction, Integer> plannedActions,
            List<PlannedItemBody> examples,
            List<UUID> redriveIds) {

        static RedrivePlanBody of(RedrivePlan plan, int examples, List<UUID> redriveIds) {
            return new RedrivePlanBody(
                    plan.id(),
                    plan.target(),
                    plan.action(),
                    plan.selection().describe(),
                    plan.force(),
                    plan.complete(),
                    plan.selected(),
                    plan.operator(),
                    plan.operatorName(),
                    plan.plannedAt(),
                    plan.counts(),
                    plan.items().stream().limit(examples).map(PlannedItemBody::of).toList(),
                    redriveIds);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PlannedItemBody(
            String id,
            @Nullable UUID orderId,
            String type,
            String orderState,
            PlannedAction plannedAction,
            String explanation) {

        static PlannedItemBody of(RedrivePlan.PlannedItem item) {
            return new PlannedItemBody(
                    item.id(),
                    item.orderId().orElse(null),
                    item.type(),
                    item.orderState(),
                    item.plannedAction(),
                    item.explanation());
        }
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/plans/{id}")
    RedrivePlanBody plan(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "10") @Min(0) @Max(500) int examples) {
        return plans.find(id)
                .map(plan -> RedrivePlanBody.of(plan, examples, plans.findRedrives(id)))
                .orElseThrow(
                        () ->
                                Problem.of(
                                        HttpStatus.NOT_FOUND,
                                        "redrive-plan-not-found",
                                        "Redrive plan not found"));
    }

    /// Why a redrive is paused, resumed or cancelled.
    record ControlRequest(String reason) {

        ControlRequest {
            TextLine.require("reason", reason, 500);
        }
    }

    /// Pauses a running redrive before its next item.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping(path = "/{id}/pause", consumes = "application/json")
    RedriveBody pause(
            @PathVariable UUID id, @RequestBody ControlRequest request, Operator operator) {
        return respond(redrives.pause(id, operator, request.reason()));
    }

    /// Continues a paused redrive where it stopped.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping(path = "/{id}/resume", consumes = "application/json")
    RedriveBody resume(
            @PathVariable UUID id, @RequestBody ControlRequest request, Operator operator) {
        return respond(redrives.resume(id, operator, request.reason()));
    }

    /// Ends a running or paused redrive before its next item.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping(path = "/{id}/cancel", consumes = "application/json")
    RedriveBody cancel(
            @PathVariable UUID id, @RequestBody ControlRequest request, Operator operator) {
        return respond(redrives.cancel(id, operator, request.reason()));
    }

    private static RedriveBody respond(RedriveService.ControlResult result) {
        return switch (result) {
            case RedriveService.ControlResult.StateChanged(var redrive) -> RedriveBody.of(redrive);
            case RedriveService.ControlResult.WrongState(var redrive) ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "redrive-state",
                                    "Not possible in this state")
                            .detail("The redrive is %s.".formatted(redrive.state()))
                            .with("redriveId", redrive.id())
                            .with("state", redrive.state());
            case RedriveService.ControlResult.RedriveUnknown _ -> throw notFound();
        };
    }

    private static Problem notFound() {
        return Problem.of(HttpStatus.NOT_FOUND, "redrive-not-found", "Redrive not found");
    }
}
