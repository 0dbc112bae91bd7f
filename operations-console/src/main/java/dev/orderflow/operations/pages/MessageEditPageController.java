package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.deadletters.DeadLetterEditor;
import dev.orderflow.operations.deadletters.DeadLetterEditor.EditFormResult;
import dev.orderflow.operations.deadletters.DeadLetterEditor.EditPlanResult;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.pages.MessageEditPage.FieldProblem;
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

/// Edits a dead letter in three steps with an address each: change its fields, compare it with the
/// original, send it in place of the original.
@RestController
@RequestMapping(path = DeadLetterPath.PATTERN + DeadLetterPath.EDIT, produces = PageRenderer.HTML)
class MessageEditPageController {

    /// Before the name of a field, so that no field has the name of another parameter.
    static final String PREFIX = "change.";

    private final PageRenderer pages;
    private final DeadLetterEditor editor;
    private final DeadLetterQueries queries;
    private final BulkActionService bulkActions;

    MessageEditPageController(
            PageRenderer pages,
            DeadLetterEditor editor,
            DeadLetterQueries queries,
            BulkActionService bulkActions) {
        this.pages = pages;
        this.editor = editor;
        this.queries = queries;
        this.bulkActions = bulkActions;
    }

    /// The first step: the fields that may be changed.
    @ForOperators(OperatorRole.OPERATOR)
    @GetMapping
    ResponseEntity<String> form(
            PageContext context,
            @PathVariable String queue,
            @PathVariable String messageId,
            @RequestParam Map<String, String> parameters) {
        return pages.render(
                "messageedit.jte",
                toForm(
                        context,
                        DeadLetterPath.requireQueue(queries, queue),
                        DeadLetterPath.requireId(messageId),
                        toChanges(parameters),
                        Optional.empty()));
    }

    private MessageEditPage toForm(
            PageContext context,
            String queue,
            String messageId,
            Map<String, String> entered,
            Optional<FieldProblem> problem) {
        return switch (editor.show(queue, messageId)) {
            case EditFormResult.EditForm form ->
                    new MessageEditPage(context, queue, form, entered, problem);
            case EditFormResult.MessageReplaced(var redriveId, var newMessageId) ->
                    throw replaced(redriveId, newMessageId);
            case EditFormResult.MessageMissing _ -> throw DeadLetterPath.missing(messageId);
        };
    }

    /// The second step: the original and the edited message. It changes nothing.
    @ForOperators(OperatorRole.OPERATOR)
    @GetMapping("/comparison")
    ResponseEntity<String> compare(
            PageContext context,
            @PathVariable String queue,
            @PathVariable String messageId,
            @RequestParam Map<String, String> parameters) {
        var target = DeadLetterPath.requireQueue(queries, queue);
        var changes = toChanges(parameters);
        return switch (editor.plan(target, DeadLetterPath.requireId(messageId), changes, false)) {
            case EditPlanResult.EditPlan plan ->
                    pages.render(
                            "messagecomparison.jte",
                            new MessageComparisonPage(context, target, plan, changes));
            case EditPlanResult.EditRejected(var field, var problem) ->
                    pages.render(
                            HttpStatus.BAD_REQUEST,
                            "messageedit.jte",
                            toForm(
                                    context,
                                    target,
                                    messageId,
                                    changes,
                                    Optional.of(new FieldProblem(field, problem))));
            case EditPlanResult.EditedBefore(var redriveId, var newMessageId) ->
                    throw replaced(redriveId, newMessageId);
            case EditPlanResult.MessageNotFound _ -> throw DeadLetterPath.missing(messageId);
        };
    }

    /// The third step: it is sent, or waits for a second person.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping
    ResponseEntity<Void> send(
            @PathVariable String queue,
            @PathVariable String messageId,
            @RequestParam Map<String, String> parameters,
            @RequestParam String reason,
            @RequestParam(defaultValue = "false") boolean force,
            Operator operator) {
        var target = DeadLetterPath.requireQueue(queries, queue);
        var why = TextLine.require("reason", reason, RedrivePageController.MAX_REASON).strip();
        var changes = toChanges(parameters);
        return switch (editor.plan(target, DeadLetterPath.requireId(messageId), changes, force)) {
            case EditPlanResult.EditPlan _ ->
                    BulkActionRedirect.of(
                            bulkActions.start(
                                    DeadLetterEditor.toTask(
                                            target, messageId, changes, operator, why, force)));
            case EditPlanResult.EditRejected(var field, var problem) ->
                    throw Problem.invalid(field, problem);
            case EditPlanResult.EditedBefore(var redriveId, var newMessageId) ->
                    throw replaced(redriveId, newMessageId);
            case EditPlanResult.MessageNotFound _ -> throw DeadLetterPath.missing(messageId);
        };
    }

    /// An empty input changes nothing: no field of a message is empty text.
    private static Map<String, String> toChanges(Map<String, String> parameters) {
        var changes = new TreeMap<String, String>();
        parameters.forEach(
                (name, value) -> {
                    if (name.startsWith(PREFIX) && !value.isBlank()) {
                        changes.put(name.substring(PREFIX.length()), value.strip());
                    }
                });
        return changes;
    }

    private static MessagePageException replaced(UUID redriveId, String newMessageId) {
        return new MessagePageException(
                new MessagePage(
                        HttpStatus.CONFLICT,
                        "Message already edited",
                        "An edited message was sent in its place, as %s. Nothing was done: a second edit would send it twice."
                                .formatted(newMessageId),
                        "To the edit that was sent",
                        "/redrives/" + redriveId));
    }
}
