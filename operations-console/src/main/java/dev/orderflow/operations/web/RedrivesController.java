package dev.orderflow.operations.web;

import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.redrive.RedriveService;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/internal/operations/redrives", produces = "application/json")
class RedrivesController {

    private static final int MOST = 100;

    private final RedriveService redrives;

    RedrivesController(RedriveService redrives) {
        this.redrives = redrives;
    }

    /// The latest redrives, the newest first.
    record RedrivesPage(List<RedriveView> redrives) {}

    @GetMapping
    RedrivesPage latest() {
        return new RedrivesPage(redrives.latest(MOST).stream().map(RedriveView::of).toList());
    }

    @GetMapping("/{id}")
    RedriveView one(@PathVariable UUID id) {
        return redrives.find(id)
                .map(RedriveView::of)
                .orElseThrow(
                        () ->
                                Problem.of(
                                        HttpStatus.NOT_FOUND,
                                        "unknown-redrive",
                                        "Unknown redrive"));
    }
}
