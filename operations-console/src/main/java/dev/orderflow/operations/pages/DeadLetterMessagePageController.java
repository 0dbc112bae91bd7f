package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// Shows one dead letter. Reading it does not hide it from its alarm.
@RestController
class DeadLetterMessagePageController {

    private final PageRenderer pages;
    private final DeadLetterQueries queries;

    DeadLetterMessagePageController(PageRenderer pages, DeadLetterQueries queries) {
        this.pages = pages;
        this.queries = queries;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping(path = DeadLetterPath.PATTERN, produces = PageRenderer.HTML)
    ResponseEntity<String> show(
            PageContext context, @PathVariable String queue, @PathVariable String messageId) {
        var target = DeadLetterPath.requireQueue(queries, queue);
        var message =
                queries.findMessage(target, DeadLetterPath.requireId(messageId))
                        .orElseThrow(() -> DeadLetterPath.missing(messageId));
        return pages.render(
                "deadlettermessage.jte", new DeadLetterMessagePage(context, target, message));
    }
}
