package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.executions.FailedExecutionService;
import dev.orderflow.operations.executions.FailedExecutionService.FailedExecutionsPage;
import dev.orderflow.operations.redrive.RedriveService;
import dev.orderflow.operations.redrive.RedriveTask;
import dev.orderflow.operations.workflow.WorkflowGraph;
import dev.orderflow.operations.workflow.WorkflowReader;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Shows the workflow, and chooses failed executions to redrive or to dismiss.
@RestController
@RequestMapping(path = "/workflow", produces = PageRenderer.HTML)
class WorkflowPageController {

    private static final int MAX_FAILED = 50;
    private static final int MAX_REDRIVES = 8;

    private final PageRenderer pages;
    private final WorkflowReader workflow;
    private final FailedExecutionService executions;
    private final BulkActionService bulkActions;
    private final RedriveService redrives;

    WorkflowPageController(
            PageRenderer pages,
            WorkflowReader workflow,
            FailedExecutionService executions,
            BulkActionService bulkActions,
            RedriveService redrives) {
        this.bulkActions = bulkActions;
        this.redrives = redrives;
        this.pages = pages;
        this.workflow = workflow;
        this.executions = executions;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<String> show(
            PageContext context,
            @RequestParam(required = false) @Nullable UUID order,
            @RequestParam(required = false) @Nullable String cursor) {
        var orderId = Optional.ofNullable(order);
        return pages.render(
                "workflow.jte",
                new WorkflowPage(
                        context,
                        WorkflowGraph.of(workflow.readDefinition()),
                        orderId,
                        orderId.flatMap(workflow::findProgress),
                        orderId.isPresent()
                                ? FailedExecutionsPage.EMPTY
                                : page(Optional.ofNullable(cursor)),
                        redrives.latest(RedriveTask.WORKFLOWS, MAX_REDRIVES)));
    }

    private FailedExecutionsPage page(Optional<String> cursor) {
        try {
            return executions.page(cursor, MAX_FAILED);
        } catch (IllegalArgumentException _) {
            throw Problem.invalid("cursor", "must be the next of an earlier page");
        }
    }

    /// The first step: what is selected.
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/redrive")
    ResponseEntity<String> choose(
            PageContext context, @RequestParam Map<String, String> parameters) {
        return pages.render(
                "executionchoice.jte",
                new ExecutionChoicePage(
                        context,
                        ExecutionForm.of(parameters),
                        executions.page(Optional.empty(), MAX_FAILED).groups()));
    }

    /// Stores what would happen now. It changes no execution.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/plans")
    ResponseEntity<Void> plan(@RequestParam Map<String, String> parameters, Operator operator) {
        var form = ExecutionForm.of(parameters);
        var plan =
                bulkActions.plan(
                        RedriveTask.WORKFLOWS, form.action(), form.selection(), false, operator);
        return PageRedirect.to("/workflow/plans/" + plan.id());
    }
}
