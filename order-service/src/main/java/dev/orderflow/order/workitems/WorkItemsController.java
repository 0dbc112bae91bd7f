package dev.orderflow.order.workitems;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForMachines;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.order.domain.WorkItemKind;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The internal API of work items: list, show and resolve.
@RestController
@RequestMapping(path = "/internal/work-items", produces = "application/json")
class WorkItemsController {

    private static final Logger log = LoggerFactory.getLogger(WorkItemsController.class);

    private final WorkItemRepository items;

    WorkItemsController(WorkItemRepository items) {
        this.items = items;
    }

    /// @param next the cursor of the next page; absent on the last page
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WorkItemPage(List<WorkItemRepository.WorkItem> items, @Nullable UUID next) {}

    /// @param note what was done, 1 to 1000 characters on one line
    record ResolveWorkItemRequest(String note) {

        ResolveWorkItemRequest {
            TextLine.require("note", note, TextLine.MAX_NOTE_LENGTH);
        }
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    WorkItemPage list(
            @RequestParam(required = false) @Nullable WorkItemKind kind,
            @RequestParam(required = false) @Nullable UUID cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
        var found = items.findOpen(kind, cursor, limit + 1);
        var page = found.subList(0, Math.min(limit, found.size()));
        return new WorkItemPage(page, found.size() > limit ? page.getLast().id() : null);
    }

    @ForMachines
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{id}")
    WorkItemRepository.WorkItem get(@PathVariable UUID id) {
        return items.find(id).orElseThrow(() -> notFound(id));
    }

    /// Repeating a resolution with the same operator and note changes nothing.
    @ForOperators(value = OperatorRole.OPERATOR, action = "RESOLVE_WORK_ITEM")
    @PostMapping(path = "/{id}/resolution", consumes = "application/json")
    WorkItemRepository.WorkItem resolve(
            @PathVariable UUID id,
            @RequestBody ResolveWorkItemRequest resolution,
            Operator operator,
            OperatorRequest request) {
        var item = get(id);
        request.describe(item.orderId().toString(), resolution.note(), "work item " + item.kind());
        if (items.resolve(item, operator, resolution.note())) {
            log.info(
                    "operator {} resolved work item {} of order {}: item {}",
                    operator,
                    item.kind(),
                    item.orderId(),
                    id);
        }
        var now = get(id);
        if (!operator.subject().equals(now.resolvedBy()) || !resolution.note().equals(now.note())) {
            throw Problem.of(HttpStatus.CONFLICT, "work-item-already-resolved", "Already resolved")
                    .detail("The item was resolved by another operator or with another note.")
                    .with("resolvedBy", String.valueOf(now.resolvedBy()));
        }
        return now;
    }

    private static Problem notFound(UUID id) {
        return Problem.of(HttpStatus.NOT_FOUND, "work-item-not-found", "Work item not found")
                .with("id", id);
    }
}
