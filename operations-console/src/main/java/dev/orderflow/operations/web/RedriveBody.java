package dev.orderflow.operations.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.operations.redrive.Redrive;
import dev.orderflow.operations.redrive.RedriveService;
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
        @Nullable Integer failedAgain) {

    static RedriveBody of(Redrive redrive) {
        return of(redrive, null);
    }

    /// @param failedAgain how many of its messages came back, as far as the queues were scanned
    static RedriveBody of(Redrive redrive, @Nullable Integer failedAgain) {
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
                failedAgain);
    }

    /// 202 with the started redrive.
    ///
    /// @throws Problem 409 when another redrive is running on the target
    static ResponseEntity<RedriveBody> respond(RedriveService.StartResult result) {
        return switch (result) {
            case RedriveService.StartResult.RedriveStarted(var redrive) ->
                    ResponseEntity.accepted()
                            .location(URI.create("/internal/operations/redrives/" + redrive.id()))
                            .body(of(redrive));
            case RedriveService.StartResult.RedriveInProgress(var other) ->
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
