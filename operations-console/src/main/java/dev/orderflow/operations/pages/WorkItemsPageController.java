package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.workitems.WorkItemsClient;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists and resolves work items.
@RestController
@RequestMapping(path = "/work-items", produces = PageRenderer.HTML)
class WorkItemsPageController {

    private static final int PAGE_SIZE = 50;
    private static final Map<String, String> DONE = Map.of("resolved", "The item is resolved.");

    private final PageRenderer pages;
    private final WorkItemsClient workItems;

    WorkItemsPageController(PageRenderer pages, WorkItemsClient workItems) {
        this.pages = pages;
        this.workItems = workItems;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<String> list(
            PageContext context,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(required = false) @Nullable String done) {
        var chosen = Optional.ofNullable(kind).filter(text -> !text.isEmpty());
        if (chosen.isPresent() && !WorkItemsPage.KINDS.contains(chosen.get())) {
            throw Problem.invalid("kind", "must be one of " + WorkItemsPage.KINDS);
        }
        return pages.render(
                "workitems.jte",
                new WorkItemsPage(
                        context,
                        Optional.ofNullable(done).map(DONE::get),
                        chosen,
                        workItems.findOpen(chosen, Optional.ofNullable(cursor), PAGE_SIZE)));
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/{id}/resolution")
    ResponseEntity<Void> resolve(@PathVariable UUID id, @RequestParam String note) {
        workItems.resolve(id, TextLine.require("note", note, TextLine.MAX_NOTE_LENGTH).strip());
        return PageRedirect.done("/work-items", "resolved");
    }
}
