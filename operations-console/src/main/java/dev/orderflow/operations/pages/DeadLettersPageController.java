package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.deadletters.DeadLetterFilter;
import dev.orderflow.operations.deadletters.DeadLetterGroups;
import dev.orderflow.operations.deadletters.DeadLetterGroups.DeadLetterGroup;
import dev.orderflow.operations.deadletters.DeadLetterGroups.GroupPosition;
import dev.orderflow.operations.deadletters.DeadLetterIndex;
import dev.orderflow.operations.deadletters.DeadLetterIndex.ScanState;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.redrive.RedriveService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists dead letters, and chooses those to redrive or to discard.
@RestController
@RequestMapping(produces = PageRenderer.HTML)
class DeadLettersPageController {

    private static final int PAGE_SIZE = 50;
    private static final int MAX_GROUPS = 100;
    private static final int MAX_REDRIVES = 8;
    private static final List<String> FILTER =
            List.of("orderId", "queue", "type", "fingerprint", "reason");

    private final PageRenderer pages;
    private final DeadLetterIndex index;
    private final DeadLetterGroups groups;
    private final DeadLetterQueries queries;
    private final BulkActionService bulkActions;
    private final RedriveService redrives;

    DeadLettersPageController(
            PageRenderer pages,
            DeadLetterIndex index,
            DeadLetterGroups groups,
            DeadLetterQueries queries,
            BulkActionService bulkActions,
            RedriveService redrives) {
        this.pages = pages;
        this.index = index;
        this.groups = groups;
        this.queries = queries;
        this.bulkActions = bulkActions;
        this.redrives = redrives;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/dead-letters")
    ResponseEntity<String> list(PageContext context, @RequestParam Map<String, String> parameters) {
        var filter = new TreeMap<String, String>();
        for (var name : FILTER) {
            // Postgres rejects NUL in text, and no dead letter has one in what is searched.
            var value = parameters.getOrDefault(name, "").strip().replace("\0", "?");
            if (!value.isEmpty()) {
                filter.put(name, value);
            }
        }
        var cursor = Optional.ofNullable(parameters.get("cursor"));
        var foundGroups =
                filter.isEmpty()
                        ? groups.find(
                                Optional.empty(),
                                Optional.empty(),
                                cursor.map(DeadLettersPageController::toGroupPosition),
                                MAX_GROUPS + 1)
                        : List.<DeadLetterGroup>of();
        var shownGroups = foundGroups.stream().limit(MAX_GROUPS).toList();
        var found =
                filter.isEmpty()
                        ? List.<DeadLetterIndex.IndexedDeadLetter>of()
                        : index.search(
                                toFilter(filter),
                                cursor.map(DeadLettersPageController::toPosition),
                                PAGE_SIZE + 1);
        var shown = found.stream().limit(PAGE_SIZE).toList();
        return pages.render(
                "deadletters.jte",
                new DeadLettersPage(
                        context,
                        filter,
                        shownGroups,
                        foundGroups.size() > MAX_GROUPS
                                ? Optional.of(
                                        nextOf(
                                                Map.of(),
                                                GroupPosition.of(shownGroups.getLast()).toCursor()))
                                : Optional.empty(),
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

    private static GroupPosition toGroupPosition(String cursor) {
        return GroupPosition.ofCursor(cursor)
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

    private List<String> queueNames() {
        return index.scans().stream().map(ScanState::queue).toList();
    }

    private String requireQueue(String queue) {
        return queries.findQueue(queue)
                .orElseThrow(() -> Problem.invalid("queue", "must be a dead-letter queue"));
    }
}
