package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.confirmations.WaitingActions;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.bulkactions.BulkActionService;
import dev.orderflow.operations.redrive.ItemResult;
import dev.orderflow.operations.redrive.PlannedAction;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.redrive.RedriveGrade;
import dev.orderflow.operations.redrive.RedriveTask;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// A redrive, a discard or a dismissal with its progress.
@JsonInclude(JsonInclude.Include.NON_NULL)
record RedriveBody(
        UUID redriveId,
        String target,
        RedriveTask.RedriveAction action,
        String operator,
        String operatorName,
        String reason,
        String selection,
        Redrive.RedriveState state,
        Instant startedAt,
        @Nullable Instant endedAt,
        int done,
        int skipped,
        int blocked,
        int failed,
        @Nullable String note,
        List<Redrive.RedriveReason> reasons,
        @Nullable UUID planId,
        @Nullable GradeBody grade) {

    /// The results of the items, compared with the plan. Results come after the redrive has ended,
    /// too: its messages must be processed first.
    ///
    /// @param planned how many items the plan has; 0 without a plan
    /// @param open of how many planned items the result is not known yet
    record GradeBody(
            int planned,
            int asPredicted,
            int different,
            int open,
            int notPlanned,
            List<GradeGroupBody> groups) {

        static GradeBody of(RedriveGrade grade) {
            return new GradeBody(
                    grade.planned(),
                    grade.asPredicted(),
                    grade.different(),
                    grade.open(),
                    grade.notPlanned(),
                    grade.groups().stream().map(GradeGroupBody::of).toList());
        }
    }

    /// @param predicted absent when the plan does not have the items
    /// @param ids the first 20
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GradeGroupBody(
            @Nullable PlannedAction predicted,
            ItemResult result,
            boolean asPredicted,
            int count,
            List<String> ids) {

        static GradeGroupBody of(RedriveGrade.GradeGroup group) {
            return new GradeGroupBody(
                    group.predicted().orElse(null),
                    group.result(),
                    group.isAsPredicted(),
                    group.count(),
                    group.ids());
        }
    }

    static RedriveBody of(Redrive redrive) {
        return of(redrive, null);
    }

    static RedriveBody of(Redrive redrive, @Nullable RedriveGrade grade) {
        return new RedriveBody(
                redrive.id(),
                redrive.target(),
                redrive.action(),
                redrive.operator(),
                redrive.operatorName(),
                redrive.reason(),
                redrive.selection(),
                redrive.state(),
                redrive.startedAt(),
                redrive.endedAt().orElse(null),
                redrive.done(),
                redrive.skipped(),
                redrive.blocked(),
                redrive.failed(),
                redrive.note().orElse(null),
                redrive.reasons(),
                redrive.planId().orElse(null),
                grade == null ? null : GradeBody.of(grade));
    }

    /// 202 with the started redrive, or with the action that waits for a second person.
    ///
    /// @throws Problem 409 when another redrive is running on the target
    static ResponseEntity<?> respond(BulkActionService.BulkActionResult result) {
        return switch (result) {
            case BulkActionService.BulkActionResult.ActionWaiting(var action) ->
                    WaitingActions.respond(action);
            case BulkActionService.BulkActionResult.ActionStarted(var redrive) ->
                    ResponseEntity.accepted()
                            .location(URI.create("/internal/operations/redrives/" + redrive.id()))
                            .body(of(redrive));
            case BulkActionService.BulkActionResult.TargetBusy(var other) ->
                    throw Problem.of(
                                    HttpStatus.CONFLICT,
                                    "redrive-running",
                                    "Another redrive is running")
                            .detail(
                                    "%s has a running redrive, started by %s. Wait until it ends, or read it by its id."
                                            .formatted(other.target(), other.operatorName()))
                            .with("redriveId", other.id())
                            .retryAfter(Duration.ofSeconds(5));
        };
    }
}
