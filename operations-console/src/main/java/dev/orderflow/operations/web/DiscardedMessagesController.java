package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.deadletters.DiscardedMessage;
import dev.orderflow.operations.deadletters.DiscardedMessageService;
import dev.orderflow.operations.deadletters.DiscardedMessageService.RestoreResult;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists discarded messages and restores them.
@RestController
@RequestMapping(path = "/internal/operations/discarded-messages", produces = "application/json")
class DiscardedMessagesController {

    private final DiscardedMessageService discarded;
    private final DeadLetterQueries queries;

    DiscardedMessagesController(DiscardedMessageService discarded, DeadLetterQueries queries) {
        this.discarded = discarded;
        this.queries = queries;
    }

    /// @param next the cursor of the next page; absent on the last one
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DiscardedMessagesPage(List<DiscardedMessageBody> messages, @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DiscardedMessageBody(
            String queue,
            String messageId,
            UUID redriveId,
            @Nullable UUID orderId,
            String type,
            String fingerprint,
            String cause,
            String operator,
            String operatorName,
            String reason,
            Instant discardedAt,
            Instant expiresAt,
            @Nullable String restoredAs,
            @Nullable Instant restoredAt) {

        static DiscardedMessageBody of(DiscardedMessage message) {
            return new DiscardedMessageBody(
                    message.queue(),
                    message.messageId(),
                    message.redriveId(),
                    message.orderId().orElse(null),
                    message.type(),
                    message.fingerprint(),
                    message.cause(),
                    message.operator(),
                    message.operatorName(),
                    message.reason(),
                    message.discardedAt(),
                    message.expiresAt(),
                    message.restoredId().orElse(null),
                    message.restoredAt().orElse(null));
        }
    }

    record RestoredBody(String queue, String messageId, String newMessageId) {}

    /// Why a message is restored.
    record RestoreRequest(String reason) {

        RestoreRequest {
            TextLine.require("reason", reason, 500);
        }
    }

    /// @param cursor the queue and the id of the last message of the page before
    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    DiscardedMessagesPage list(
            @RequestParam(required = false) @Nullable String queue,
            @RequestParam(required = false) @Nullable UUID orderId,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
        var found =
                discarded.find(
                        Optional.ofNullable(queue).map(this::requireQueue),
                        Optional.ofNullable(orderId),
                        Optional.ofNullable(cursor).map(this::findLast),
                        limit + 1);
        var shown = found.stream().limit(limit).toList();
        return new DiscardedMessagesPage(
                shown.stream().map(DiscardedMessageBody::of).toList(),
                found.size() > limit ? shown.getLast().toCursor() : null);
    }

    private DiscardedMessage findLast(String cursor) {
        return discarded
                .findByCursor(cursor)
                .orElseThrow(
                        () -> Problem.invalid("cursor", "must be the next of an earlier response"));
    }

    /// Sends a discarded message to its dead-letter queue again.
    @ForOperators(OperatorRole.OPERATOR)
    @PostMapping(path = "/{queue}/{messageId}/restoration", consumes = "application/json")
    RestoredBody restore(
            @PathVariable String queue,
            @PathVariable
                    @Pattern(
                            regexp = DiscardedMessage.MESSAGE_ID_REGEX,
                            message = "must be a message id of the list")
                    String messageId,
            @RequestBody RestoreRequest request,
            Operator operator) {
        var target = queries.findQueue(queue).orElseThrow(DeadLettersController::queueNotFound);
        return switch (discarded.restore(target, messageId, operator, request.reason())) {
            case RestoreResult.MessageRestored(var newMessageId) ->
                    new RestoredBody(target, messageId, newMessageId);
            case RestoreResult.NotDiscarded _ ->
                    throw Problem.of(
                                    HttpStatus.NOT_FOUND,
                                    "discarded-message-not-found",
                                    "Discarded message not found")
                            .detail("It was not discarded, or its retention is over.");
            case RestoreResult.RestoredBefore(var newMessageId) ->
                    throw Problem.of(HttpStatus.CONFLICT, "already-restored", "Already restored")
                            .detail("It is in its dead-letter queue as " + newMessageId + ".")
                            .with("newMessageId", newMessageId);
            case RestoreResult.RestorationRunning _ ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "restoration-in-progress",
                                    "The message is being restored")
                            .retryAfter(Duration.ofSeconds(5));
            case RestoreResult.OriginalOfAnEdit _ ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "message-already-edited",
                                    "Message already edited")
                            .detail(
                                    "An edited message was sent in its place, so the original is not restored.");
            case RestoreResult.RestorationFailed(var problem) ->
                    throw ServiceProblems.unavailable(problem);
        };
    }

    private String requireQueue(String queue) {
        return queries.findQueue(queue)
                .orElseThrow(
                        () ->
                                Problem.invalid(
                                        "queue", "must be a dead-letter queue, or its queue"));
    }
}
