package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.executions.FailedExecutionService;
import dev.orderflow.operations.workflow.WorkflowGraph;
import dev.orderflow.operations.workflow.WorkflowReader;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows the workflow.
@RestController
@RequestMapping(path = "/workflow", produces = PageRenderer.HTML)
class WorkflowPageController {

    private static final int MAX_FAILED = 50;

    private final PageRenderer pages;
    private final WorkflowReader workflow;
    private final FailedExecutionService executions;

    WorkflowPageController(
            PageRenderer pages, WorkflowReader workflow, FailedExecutionService executions) {
        this.pages = pages;
        this.workflow = workflow;
        this.executions = executions;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<String> show(
            PageContext context, @RequestParam(required = false) @Nullable UUID order) {
        var orderId = Optional.ofNullable(order);
        return pages.render(
                "workflow.jte",
                new WorkflowPage(
                        context,
                        WorkflowGraph.of(workflow.readDefinition()),
                        orderId,
                        orderId.flatMap(workflow::findProgress),
                        executions.page(Optional.empty(), MAX_FAILED)));
    }
}
