package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.orderflow.contracts.value.TextLine;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.ForOperators;
import dev.orderflow.operations.deadletters.DeadLetterGroupService;
import dev.orderflow.operations.deadletters.DeadLetterGroupService.AnnotateResult;
import dev.orderflow.operations.deadletters.DeadLetterGroups;
import dev.orderflow.operations.deadletters.DeadLetterGroups.DeadLetterGroup;
import dev.orderflow.operations.deadletters.DeadLetterGroups.GroupNote;
import dev.orderflow.operations.deadletters.DeadLetterGroups.GroupPosition;
import dev.orderflow.operations.deadletters.DeadLetterQueries;
import dev.orderflow.operations.deadletters.FailureCause;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Lists groups of dead letters over all queues, and changes their owners and notes.
@RestController
@RequestMapping(path = "/internal/operations/dead-letter-groups", produces = "application/json")
class DeadLetterGroupsController {

    private final DeadLetterGroups groups;
    private final DeadLetterGroupService service;
    private final DeadLetterQueries queries;

    DeadLetterGroupsController(
            DeadLetterGroups groups, DeadLetterGroupService service, DeadLetterQueries queries) {
        this.groups = groups;
        this.service = service;
        this.queries = queries;
    }

    /// @param next the cursor of the next page; absent on the last one
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GroupsPage(List<GroupBody> groups, @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GroupBody(
            String queue,
            String fingerprint,
            String reason,
            FailureCause.CauseSource reportedBy,
            int count,
            Instant oldest,
            Instant newest,
            GroupNoteBody note) {

        static GroupBody of(DeadLetterGroup group) {
            return new GroupBody(
                    group.queue(),
                    group.fingerprint(),
                    group.reason(),
                    group.reportedBy(),
                    group.count(),
                    group.oldest(),
                    group.newest(),
                    GroupNoteBody.of(group.note()));
        }
    }

    /// @param version to send with a change; 0 as long as nothing was written
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GroupNoteBody(
            int version,
            @Nullable String owner,
            @Nullable String note,
            @Nullable String changedBy,
            @Nullable String changedByName,
            @Nullable Instant changedAt) {

        static GroupNoteBody of(GroupNote note) {
            return new GroupNoteBody(
                    note.version(),
                    note.owner().orElse(null),
                    note.note().orElse(null),
                    note.changedBy().orElse(null),
                    note.changedByName().orElse(null),
                    note.changedAt().orElse(null));
        }
    }

    /// Classes and not records, because a record requires every component.
    static final class AnnotateRequest {

        /// The version that the operator saw.
        @JsonProperty
        @NotNull
        @Min(0)
        @Nullable Integer version;

        @JsonProperty
        @Size(min = 1, max = 100)
        @Pattern(regexp = TextLine.REGEX, message = TextLine.RULE)
        @Nullable String owner;

        @JsonProperty
        @Size(min = 1, max = 500)
        @Pattern(regexp = TextLine.REGEX, message = TextLine.RULE)
        @Nullable String note;
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping
    GroupsPage list(
            @RequestParam(required = false) @Nullable String queue,
            @RequestParam(required = false)
                    @Size(min = 1, max = 100)
                    @Pattern(regexp = TextLine.REGEX, message = TextLine.RULE)
                    @Nullable String owner,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
        var found =
                groups.find(
                        Optional.ofNullable(queue).map(this::requireQueue),
                        Optional.ofNullable(owner),
                        Optional.ofNullable(cursor).map(DeadLetterGroupsController::toPosition),
                        limit + 1);
        var shown = found.stream().limit(limit).toList();
        return new GroupsPage(
                shown.stream().map(GroupBody::of).toList(),
                found.size() > limit ? GroupPosition.of(shown.getLast()).toCursor() : null);
    }

    private static GroupPosition toPosition(String cursor) {
        return GroupPosition.ofCursor(cursor)
                .orElseThrow(
                        () -> Problem.invalid("cursor", "must be the next of an earlier response"));
    }

    @ForOperators(OperatorRole.VIEWER)
    @GetMapping("/{fingerprint}")
    GroupsPage show(
            @PathVariable
                    @Pattern(
                            regexp = FailureCause.FINGERPRINT_REGEX,
                            message = "must be 4 to 64 hexadecimal digits")
                    String fingerprint) {
        var found = groups.find(fingerprint);
        if (found.isEmpty()) {
            throw notFound();
        }
        return new GroupsPage(found.stream().map(GroupBody::of).toList(), null);
    }

    /// Replaces owner and note of a group; what is absent is removed.
    @ForOperators(OperatorRole.OPERATOR)
    @PutMapping(path = "/{fingerprint}/note", consumes = "application/json")
    GroupNoteBody annotate(
            @PathVariable
                    @Pattern(
                            regexp = FailureCause.FINGERPRINT_REGEX,
                            message = "must be 4 to 64 hexadecimal digits")
                    String fingerprint,
            @Valid @RequestBody AnnotateRequest request,
            Operator operator) {
        var result =
                service.annotate(
                        fingerprint,
                        Objects.requireNonNull(request.version),
                        Optional.ofNullable(request.owner),
                        Optional.ofNullable(request.note),
                        operator);
        return switch (result) {
            case AnnotateResult.GroupAnnotated(var note) -> GroupNoteBody.of(note);
            case AnnotateResult.GroupMissing _ -> throw notFound();
            case AnnotateResult.ChangedMeanwhile(var current) ->
                    throw Problem.of(HttpStatus.CONFLICT, "group-changed", "Group changed")
                            .detail(
                                    "%s has changed it since; nothing was changed."
                                            .formatted(
                                                    current.changedByName()
                                                            .orElse("Another operator")))
                            .with("current", GroupNoteBody.of(current));
        };
    }

    private String requireQueue(String queue) {
        return queries.findQueue(queue)
                .orElseThrow(
                        () ->
                                Problem.invalid(
                                        "queue", "must be a dead-letter queue, or its queue"));
    }

    private static Problem notFound() {
        return Problem.of(
                        HttpStatus.NOT_FOUND,
                        "dead-letter-group-not-found",
                        "Group of dead letters not found")
                .detail("No dead letter has this fingerprint, as of the last scan of the queues.");
    }
}
