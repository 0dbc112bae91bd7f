package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.deadletters.DeadLetterEditor;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.deadletters.DiscardedMessage;
import dev.orderflow.operations.deadletters.RedriveAssessment;
import dev.orderflow.operations.redrive.PlannedAction;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Edits a dead letter and sends it in place of the original.
@RestController
@RequestMapping(
        path = "/internal/operations/dead-letters/{queue}/messages/{messageId}/edit",
        produces = "application/json")
class MessageEditsController {

    private final DeadLetterEditor editor;
    private final DeadLetterQueries queries;
    private final BulkActionService bulkActions;

    MessageEditsController(
            DeadLetterEditor editor, DeadLetterQueries queries, BulkActionService bulkActions) {
        this.editor = editor;
        this.queries = queries;
        this.bulkActions = bulkActions;
    }

    /// @param fields what can be edited; empty when the message cannot be edited
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EditFormBody(
            String messageId,
            @Nullable UUID orderId,
            String type,
            List<DeadLetterEditor.FormField> fields) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EditPlanBody(
            boolean dryRun,
            String messageId,
            @Nullable UUID orderId,
            String type,
            String orderState,
            List<DeadLetterEditor.FieldDifference> differences,
            RedriveAssessment assessment,
            String description,
            PlannedAction plannedAction) {}

    /// Classes and not records, because a record requires every component.
    static final class EditRequest {

        @JsonProperty
        @NotNull
        @Size(min = 1, max = 20)
        @Nullable
                Map<
                        @Pattern(regexp = "[A-Za-z]{1,60}", message = "must be the name of a field")
                        String,
                        @NotNull @Size(min = 1, max = 200) String>
                changes;

        @JsonProperty
        @NotNull
        @NotBlank
        @Size(max = 500)
        @Pattern(regexp = TextLine.REGEX, message = TextLine.RULE)
        @Nullable String reason;

        @JsonProperty @Nullable Boolean dryRun;
        @JsonProperty @Nullable Boolean force;
    }

    @ForOperators(OperatorRole.OPERATOR)
    @GetMapping
    EditFormBody form(
            @PathVariable String queue,
            @PathVariable
                    @Pattern(
                            regexp = DiscardedMessage.MESSAGE_ID_REGEX,
                            message = "must be a message id of the list")
                    String messageId) {
        return switch (editor.show(requireQueue(queue), messageId)) {
            case DeadLetterEditor.EditFormResult.EditForm(
                            var id,
                            var orderId,
                            var type,
                            var _,
                            var _,
                            var fields) ->
                    new EditFormBody(id, orderId.orElse(null), type, fields);
            case DeadLetterEditor.EditFormResult.MessageReplaced(var redriveId, var newMessageId) ->
                    throw alreadyEdited(redriveId, newMessageId);
            case DeadLetterEditor.EditFormResult.MessageMissing _ -> throw notFound();
        };
    }

    /// Sends a changed message in place of the original, after a second person has confirmed it.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping(consumes = "application/json")
    ResponseEntity<?> edit(
            @PathVariable String queue,
            @PathVariable
                    @Pattern(
                            regexp = DiscardedMessage.MESSAGE_ID_REGEX,
                            message = "must be a message id of the list")
                    String messageId,
            @Valid @RequestBody EditRequest request,
            Operator operator) {
        var target = requireQueue(queue);
        var changes = Objects.requireNonNull(request.changes);
        boolean force = Boolean.TRUE.equals(request.force);
        return switch (editor.plan(target, messageId, changes, force)) {
            case DeadLetterEditor.EditPlanResult.MessageNotFound _ -> throw notFound();
            case DeadLetterEditor.EditPlanResult.EditRejected(var field, var problem) ->
                    throw Problem.invalid(field, problem);
            case DeadLetterEditor.EditPlanResult.EditedBefore(var redriveId, var newMessageId) ->
                    throw alreadyEdited(redriveId, newMessageId);
            case DeadLetterEditor.EditPlanResult.EditPlan plan ->
                    Boolean.TRUE.equals(request.dryRun)
                            ? ResponseEntity.ok(toBody(plan))
                            : RedriveBody.respond(
                                    bulkActions.start(
                                            DeadLetterEditor.toTask(
                                                    target,
                                                    messageId,
                                                    changes,
                                                    operator,
                                                    Objects.requireNonNull(request.reason).strip(),
                                                    force)));
        };
    }

    private static EditPlanBody toBody(DeadLetterEditor.EditPlanResult.EditPlan plan) {
        return new EditPlanBody(
                true,
                plan.messageId(),
                plan.orderId().orElse(null),
                plan.type(),
                plan.orderState(),
                plan.differences(),
                plan.assessment(),
                plan.assessment().description(),
                plan.plannedAction());
    }

    private String requireQueue(String queue) {
        return queries.findQueue(queue).orElseThrow(DeadLettersController::queueNotFound);
    }

    private static Problem alreadyEdited(UUID redriveId, String newMessageId) {
        return Problem.of(HttpStatus.CONFLICT, "message-already-edited", "Message already edited")
                .detail("An edited message was sent in its place; this edit was not applied.")
                .with("redriveId", redriveId)
                .with("newMessageId", newMessageId);
    }

    private static Problem notFound() {
        return Problem.of(HttpStatus.NOT_FOUND, "dead-letter-not-found", "Dead letter not found")
                .detail("The queue has no such message.");
    }
}
