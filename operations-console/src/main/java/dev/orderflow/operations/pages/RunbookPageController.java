package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.runbooks.RunbookFiles;
import dev.orderflow.operations.session.MessagePages.MessagePage;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Shows the runbooks of this version.
@RestController
@RequestMapping(path = "/runbooks", produces = PageRenderer.HTML)
class RunbookPageController {

    private final PageRenderer pages;
    private final RunbookFiles runbooks;

    RunbookPageController(PageRenderer pages, RunbookFiles runbooks) {
        this.pages = pages;
        this.runbooks = runbooks;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<String> index(PageContext context) {
        return pages.render(
                "runbook.jte", new RunbookPage(context, runbooks.index(), runbooks.all()));
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{name}")
    ResponseEntity<String> show(PageContext context, @PathVariable String name) {
        if (name.equals(runbooks.index().name())) {
            return index(context);
        }
        var runbook =
                runbooks.find(name)
                        .orElseThrow(
                                () ->
                                        new MessagePageException(
                                                new MessagePage(
                                                        HttpStatus.NOT_FOUND,
                                                        "Runbook not found",
                                                        "There is no runbook of this name in this version.",
                                                        "To the runbooks",
                                                        "/runbooks")));
        return pages.render("runbook.jte", new RunbookPage(context, runbook, List.of()));
    }
}
