package dev.orderflow.operations.web;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.redrive.RedriveService;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Shows running and ended redrives, discards and dismissals.
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
                .map(RedriveBody::of)
                .orElseThrow(
                        () ->
                                Problem.of(
                                        HttpStatus.NOT_FOUND,
                                        "redrive-not-found",
                                        "Redrive not found"));
    }
}
