package dev.orderflow.operations.web;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.redrive.RedriveService;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Shows, pauses, resumes and cancels redrives, discards and dismissals.
@RestController
@RequestMapping(path = "/internal/operations/redrives", produces = "application/json")
class RedrivesController {

    private static final int MAX_REDRIVES = 100;

    private final RedriveService redrives;

    RedrivesController(RedriveService redrives) {
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
                .map(redrive -> RedriveBody.of(redrive, redrives.countFailedAgain(redrive)))
                .orElseThrow(RedrivesController::notFound);
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
