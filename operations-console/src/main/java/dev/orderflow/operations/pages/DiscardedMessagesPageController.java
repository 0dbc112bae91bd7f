package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.operations.deadletters.DeadLetterIndex;
import dev.orderflow.operations.deadletters.DeadLetterIndex.ScanState;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.deadletters.DiscardedMessage;
import dev.orderflow.operations.deadletters.DiscardedMessageService;
import dev.orderflow.operations.deadletters.DiscardedMessageService.RestoreResult;
import dev.orderflow.operations.session.MessagePages.MessagePage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists discarded messages, and restores them to their dead-letter queues.
@RestController
@RequestMapping(path = DiscardedMessagesPageController.PATH, produces = PageRenderer.HTML)
class DiscardedMessagesPageController {

    static final String PATH = "/dead-letters/discarded";

    private static final int PAGE_SIZE = 50;
    private static final Map<String, String> DONE =
            Map.of(
                    "restored",
                    "The message is in its dead-letter queue again. It is listed there after the next scan, within a minute.");

    private final PageRenderer pages;
    private final DiscardedMessageService discarded;
    private final DeadLetterQueries queries;
    private final DeadLetterIndex index;

    DiscardedMessagesPageController(
            PageRenderer pages,
            DiscardedMessageService discarded,
            DeadLetterQueries queries,
            DeadLetterIndex index) {
        this.pages = pages;
        this.discarded = discarded;
        this.queries = queries;
        this.index = index;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    ResponseEntity<String> list(PageContext context, @RequestParam Map<String, String> parameters) {
        var filter = new TreeMap<String, String>();
        for (var name : new String[] {"queue", "orderId"}) {
            var value = parameters.getOrDefault(name, "").strip();
            if (!value.isEmpty()) {
                filter.put(name, value);
            }
        }
        var found =
                discarded.find(
                        Optional.ofNullable(filter.get("queue")).map(this::requireQueue),
                        Optional.ofNullable(filter.get("orderId"))
                                .map(DiscardedMessagesPageController::requireOrder),
                        Optional.ofNullable(parameters.get("cursor")).map(this::requireLast),
                        PAGE_SIZE + 1);
        var shown = found.stream().limit(PAGE_SIZE).toList();
        return pages.render(
                "discardedmessages.jte",
                new DiscardedPage(
                        context,
                        Optional.ofNullable(parameters.get("done")).map(DONE::get),
                        filter,
                        index.scans().stream().map(ScanState::queue).toList(),
                        shown,
                        found.size() > PAGE_SIZE
                                ? Optional.of(nextOf(filter, shown.getLast()))
                                : Optional.empty()));
    }

    private static String nextOf(Map<String, String> filter, DiscardedMessage last) {
        var address = new StringBuilder(PATH + "?cursor=").append(PageFormat.url(last.toCursor()));
        filter.forEach(
                (name, value) ->
                        address.append('&').append(name).append('=').append(PageFormat.url(value)));
        return address.toString();
    }

    private String requireQueue(String queue) {
        return queries.findQueue(queue)
                .orElseThrow(() -> Problem.invalid("queue", "must be a dead-letter queue"));
    }

    private static UUID requireOrder(String text) {
        return UuidFormat.parse(text)
                .orElseThrow(() -> Problem.invalid("orderId", "must be the id of an order"));
    }

    private DiscardedMessage requireLast(String cursor) {
        return discarded
                .findByCursor(cursor)
                .orElseThrow(
                        () -> Problem.invalid("cursor", "must be the next of an earlier page"));
    }

    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping("/{queue}/{messageId}/restoration")
    ResponseEntity<Void> restore(
            @PathVariable String queue,
            @PathVariable String messageId,
            @RequestParam String reason,
            Operator operator) {
        if (!messageId.matches(DiscardedMessage.MESSAGE_ID_REGEX)) {
            throw Problem.invalid("messageId", "must be a message id of the list");
        }
        var target = DeadLetterPath.requireQueue(queries, queue);
        var why = TextLine.require("reason", reason, RedrivePageController.MAX_REASON).strip();
        return switch (discarded.restore(target, messageId, operator, why)) {
            case RestoreResult.MessageRestored _ -> PageRedirect.done(PATH, "restored");
            case RestoreResult.NotDiscarded _ ->
                    throw refusal(
                            HttpStatus.NOT_FOUND,
                            "Discarded message not found",
                            "It was not discarded, or its retention is over. Nothing was done.");
            case RestoreResult.RestoredBefore(var newMessageId) ->
                    throw refusal(
                            HttpStatus.CONFLICT,
                            "Already restored",
                            "It is in its dead-letter queue as %s. Nothing was done."
                                    .formatted(newMessageId));
            case RestoreResult.RestorationRunning _ ->
                    throw refusal(
                            HttpStatus.CONFLICT,
                            "The message is being restored",
                            "Another operator restores it now. Nothing was done.");
            case RestoreResult.OriginalOfAnEdit _ ->
                    throw refusal(
                            HttpStatus.CONFLICT,
                            "Message already edited",
                            "An edited message was sent in its place, so the original is not restored.");
            case RestoreResult.RestorationFailed(var problem) ->
                    throw refusal(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "Not available now",
                            problem + ". Go back and repeat it; that is safe.");
        };
    }

    private static MessagePageException refusal(HttpStatus status, String title, String text) {
        return new MessagePageException(
                new MessagePage(status, title, text, "To the discarded messages", PATH));
    }
}
