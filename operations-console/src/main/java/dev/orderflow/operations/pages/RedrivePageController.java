package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.deadletters.DeadLetterEditor;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveResultService;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.session.MessagePages.MessagePage;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The second and the third step of redrives, discards and dismissals, of dead letters and of
/// failed executions: the plan, and the run with its control.
@RestController
@RequestMapping(produces = PageRenderer.HTML)
class RedrivePageController {

    static final int MAX_REASON = 500;

    private static final Map<String, String> DONE =
            Map.of(
                    "paused", "The redrive pauses before its next item.",
                    "resumed", "The redrive continues where it stopped.",
                    "cancelled",
                            "The redrive ends before its next item. What it has done stays done.");

    private final PageRenderer pages;
    private final BulkActionService bulkActions;
    private final RedrivePlans plans;
    private final RedriveService redrives;
    private final RedriveResultService results;
    private final DeadLetterEditor editor;

    RedrivePageController(
            PageRenderer pages,
            BulkActionService bulkActions,
            RedrivePlans plans,
            RedriveService redrives,
            RedriveResultService results,
            DeadLetterEditor editor) {
        this.pages = pages;
        this.bulkActions = bulkActions;
        this.plans = plans;
        this.redrives = redrives;
        this.results = results;
        this.editor = editor;
    }

    /// The second step: what would happen.
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping({"/dead-letters/plans/{id}", "/workflow/plans/{id}"})
    ResponseEntity<String> showPlan(PageContext context, @PathVariable UUID id) {
        return pages.render("redriveplan.jte", new RedrivePlanPage(context, requirePlan(id)));
    }

    private RedrivePlan requirePlan(UUID id) {
        return plans.find(id)
                .orElseThrow(
                        () ->
                                Problem.of(
                                                HttpStatus.NOT_FOUND,
                                                "redrive-plan-not-found",
                                                "Redrive plan not found")
                                        .detail("Plans are kept for a while; make a new one."));
    }

    /// The third step: it starts, or waits for a second person.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping({"/dead-letters/plans/{id}/start", "/workflow/plans/{id}/start"})
    ResponseEntity<Void> start(
            @PathVariable UUID id,
            @RequestParam String reason,
            @RequestParam(defaultValue = "5") int perSecond,
            @RequestParam(defaultValue = "false") boolean canary,
            @RequestParam(defaultValue = "false") boolean force,
            Operator operator) {
        var plan = requirePlan(id);
        if (!plan.isReady()) {
            throw new MessagePageException(
                    new MessagePage(
                            HttpStatus.CONFLICT,
                            "The plan is not ready",
                            "It does not have all items yet. Nothing was done.",
                            "To the plan",
                            RedriveTarget.of(plan.target()).path() + "/plans/" + id));
        }
        if (perSecond < 1 || perSecond > 100) {
            throw Problem.invalid("perSecond", "must be 1 to 100");
        }
        return BulkActionRedirect.of(
                bulkActions.start(
                        new RedriveTask(
                                UUID.randomUUID(),
                                plan.action(),
                                plan.target(),
                                plan.selection(),
                                operator,
                                TextLine.require("reason", reason, MAX_REASON).strip(),
                                perSecond,
                                canary,
                                force,
                                Optional.of(id),
                                Map.of())));
    }

    /// The third step: its progress and its result.
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/redrives/{id}")
    ResponseEntity<String> show(
            PageContext context,
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable String done) {
        var redrive =
                redrives.find(id)
                        .orElseThrow(
                                () ->
                                        Problem.of(
                                                HttpStatus.NOT_FOUND,
                                                "redrive-not-found",
                                                "Redrive not found"));
        return pages.render(
                "redrive.jte",
                new RedrivePage(
                        context,
                        Optional.ofNullable(done).map(DONE::get),
                        redrive,
                        results.grade(redrive),
                        editor.findEdit(id)));
    }

    /// What an operator can do with a running redrive.
    enum ControlAction {
        PAUSE,
        RESUME,
        CANCEL
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/redrives/{id}/control")
    ResponseEntity<Void> control(
            @PathVariable UUID id,
            @RequestParam ControlAction action,
            @RequestParam String reason,
            Operator operator) {
        var why = TextLine.require("reason", reason, MAX_REASON).strip();
        var result =
                switch (action) {
                    case PAUSE -> redrives.pause(id, operator, why);
                    case RESUME -> redrives.resume(id, operator, why);
                    case CANCEL -> redrives.cancel(id, operator, why);
                };
        return switch (result) {
            case RedriveService.ControlResult.StateChanged _ ->
                    PageRedirect.done(
                            "/redrives/" + id,
                            switch (action) {
                                case PAUSE -> "paused";
                                case RESUME -> "resumed";
                                case CANCEL -> "cancelled";
                            });
            case RedriveService.ControlResult.WrongState(var redrive) ->
                    throw new MessagePageException(
                            new MessagePage(
                                    HttpStatus.CONFLICT,
                                    "Not possible in this state",
                                    "The redrive is %s by now. Nothing was done."
                                            .formatted(PageFormat.words(redrive.state().name())),
                                    "To the redrive",
                                    "/redrives/" + id));
            case RedriveService.ControlResult.RedriveUnknown _ ->
                    throw Problem.of(HttpStatus.NOT_FOUND, "redrive-not-found", "Redrive not found")
                            .detail("Nothing was done.");
        };
    }
}
