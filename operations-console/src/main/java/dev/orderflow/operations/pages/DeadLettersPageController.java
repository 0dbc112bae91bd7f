package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.deadletters.DeadLetterFilter;
import dev.orderflow.operations.deadletters.DeadLetterGroups;
import dev.orderflow.operations.deadletters.DeadLetterIndex;
import dev.orderflow.operations.deadletters.DeadLetterIndex.ScanState;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.redrive.RedrivePlan;
import dev.orderflow.operations.redrive.RedrivePlans;
import dev.orderflow.operations.redrive.RedriveResultService;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

/// Lists dead letters, and redrives or discards them in three steps: choose, plan, run.
@RestController
@RequestMapping(produces = PageRenderer.HTML)
class DeadLettersPageController {

    private static final int PAGE_SIZE = 50;
    private static final int MAX_GROUPS = 200;
    private static final int MAX_REDRIVES = 8;
    private static final int MAX_REASON = 500;
    private static final List<String> FILTER =
            List.of("orderId", "queue", "type", "fingerprint", "reason");

    private static final Map<String, String> DONE =
            Map.of(
                    "paused", "The redrive pauses before its next item.",
                    "resumed", "The redrive continues where it stopped.",
                    "cancelled",
                            "The redrive ends before its next item. What it has done stays done.");

    private final PageRenderer pages;
    private final DeadLetterIndex index;
    private final DeadLetterGroups groups;
    private final DeadLetterQueries queries;
    private final BulkActionService bulkActions;
    private final RedrivePlans plans;
    private final RedriveService redrives;
    private final RedriveResultService results;

    DeadLettersPageController(
            PageRenderer pages,
            DeadLetterIndex index,
            DeadLetterGroups groups,
            DeadLetterQueries queries,
            BulkActionService bulkActions,
            RedrivePlans plans,
            RedriveService redrives,
            RedriveResultService results) {
        this.pages = pages;
        this.index = index;
        this.groups = groups;
        this.queries = queries;
        this.bulkActions = bulkActions;
        this.plans = plans;
        this.redrives = redrives;
        this.results = results;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/dead-letters")
    ResponseEntity<String> list(PageContext context, @RequestParam Map<String, String> parameters) {
        var filter = new TreeMap<String, String>();
        for (var name : FILTER) {
            var value = parameters.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                filter.put(name, value);
            }
        }
        var found =
                filter.isEmpty()
                        ? List.<DeadLetterIndex.IndexedDeadLetter>of()
                        : index.search(
                                toFilter(filter),
                                Optional.ofNullable(parameters.get("cursor"))
                                        .map(DeadLettersPageController::toPosition),
                                PAGE_SIZE + 1);
        var shown = found.stream().limit(PAGE_SIZE).toList();
        return pages.render(
                "deadletters.jte",
                new DeadLettersPage(
                        context,
                        filter,
                        filter.isEmpty()
                                ? groups.find(
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        MAX_GROUPS)
                                : List.of(),
                        shown,
                        found.size() > PAGE_SIZE
                                ? Optional.of(
                                        nextOf(
                                                filter,
                                                DeadLetterFilter.Position.of(shown.getLast())
                                                        .toCursor()))
                                : Optional.empty(),
                        index.scans(),
                        redrives.latest(MAX_REDRIVES)));
    }

    private DeadLetterFilter toFilter(Map<String, String> filter) {
        return new DeadLetterFilter(
                Optional.ofNullable(filter.get("orderId"))
                        .map(
                                text ->
                                        UuidFormat.parse(text)
                                                .orElseThrow(
                                                        () ->
                                                                Problem.invalid(
                                                                        "orderId",
                                                                        "must be the id of an order"))),
                Optional.ofNullable(filter.get("queue")).map(this::requireQueue),
                Optional.ofNullable(filter.get("type")),
                Optional.ofNullable(filter.get("fingerprint")),
                Optional.ofNullable(filter.get("reason")),
                Optional.empty(),
                Optional.empty());
    }

    private static DeadLetterFilter.Position toPosition(String cursor) {
        return DeadLetterFilter.Position.ofCursor(cursor)
                .orElseThrow(
                        () -> Problem.invalid("cursor", "must be the next of an earlier page"));
    }

    private static String nextOf(Map<String, String> filter, String cursor) {
        var address = new StringBuilder("/dead-letters?cursor=").append(PageFormat.url(cursor));
        filter.forEach(
                (name, value) ->
                        address.append('&').append(name).append('=').append(PageFormat.url(value)));
        return address.toString();
    }

    /// The first step: what is selected.
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/dead-letters/redrive")
    ResponseEntity<String> choose(
            PageContext context, @RequestParam Map<String, String> parameters) {
        return pages.render(
                "redrivechoice.jte",
                new RedriveChoicePage(context, RedriveForm.of(parameters), queueNames()));
    }

    /// Stores what would happen now. It changes no message.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/dead-letters/plans")
    ResponseEntity<Void> plan(@RequestParam Map<String, String> parameters, Operator operator) {
        var form = RedriveForm.of(parameters);
        var plan =
                bulkActions.plan(
                        requireQueue(form.value("queue")),
                        form.action(),
                        form.selection(),
                        false,
                        operator);
        return PageRedirect.to("/dead-letters/plans/" + plan.id());
    }

    /// The second step: what would happen.
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/dead-letters/plans/{id}")
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
                                                "No such plan")
                                        .detail("Plans are kept for a while; make a new one."));
    }

    /// The third step: it starts, or waits for a second person.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/dead-letters/plans/{id}/start")
    ResponseEntity<Void> start(
            @PathVariable UUID id,
            @RequestParam String reason,
            @RequestParam(defaultValue = "5") int perSecond,
            @RequestParam(defaultValue = "false") boolean canary,
            @RequestParam(defaultValue = "false") boolean force,
            Operator operator) {
        var plan = requirePlan(id);
        if (perSecond < 1 || perSecond > 100) {
            throw Problem.invalid("perSecond", "must be 1 to 100");
        }
        var result =
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
                                Map.of()));
        return switch (result) {
            case BulkActionService.BulkActionResult.ActionStarted(var redrive) ->
                    PageRedirect.to("/redrives/" + redrive.id());
            case BulkActionService.BulkActionResult.ActionWaiting _ ->
                    PageRedirect.done("/approvals", "requested");
            case BulkActionService.BulkActionResult.TargetBusy(var other) ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "redrive-running",
                                    "Another redrive is running")
                            .detail(
                                    "%s has a running redrive, started by %s. Nothing was done."
                                            .formatted(other.target(), other.operatorName()));
        };
    }

    private List<String> queueNames() {
        return index.scans().stream().map(ScanState::queue).toList();
    }

    private String requireQueue(String queue) {
        return queries.findQueue(queue)
                .orElseThrow(() -> Problem.invalid("queue", "must be a dead-letter queue"));
    }

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
                                                        "No such redrive")
                                                .detail("It may have been started elsewhere."));
        return pages.render(
                "redrive.jte",
                new RedrivePage(
                        context,
                        Optional.ofNullable(done).map(DONE::get),
                        redrive,
                        results.grade(redrive)));
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
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "redrive-state",
                                    "Not possible in this state")
                            .detail(
                                    "The redrive is %s by now. Nothing was done."
                                            .formatted(PageFormat.words(redrive.state().name())));
            case RedriveService.ControlResult.RedriveUnknown _ ->
                    throw Problem.of(HttpStatus.NOT_FOUND, "redrive-not-found", "No such redrive")
                            .detail("Nothing was done.");
        };
    }
}
