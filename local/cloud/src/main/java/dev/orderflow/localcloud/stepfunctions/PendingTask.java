package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.time.CloudClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A task that waits for its result. Guarded by the lock of its execution.
final class PendingTask {

    /// The result of a task.
    sealed interface TaskResult {
        record TaskSucceeded(JsonNode output) implements TaskResult {}

        record TaskFailed(@Nullable String error, @Nullable String cause) implements TaskResult {}

        /// @param ofHeartbeat whether a heartbeat was missing
        record TaskTimedOut(boolean ofHeartbeat) implements TaskResult {}
    }

    private final Execution execution;
    private final Condition completed;
    private final Clock clock;
    private Instant lastSignOfLife;
    private @Nullable TaskResult outcome;
    private @Nullable Runnable whenGivenUp;
    private boolean closed;

    PendingTask(Execution execution, Clock clock) {
        this.execution = execution;
        this.completed = execution.condition();
        this.clock = clock;
        this.lastSignOfLife = clock.instant();
    }

    /// The ARN of the waiting state machine.
    String stateMachineArn() {
        return execution.machine.arn();
    }

    /// @return false if the task is already complete
    boolean complete(TaskResult how) {
        return execution.withLock(
                () -> {
                    if (closed || outcome != null) {
                        return false;
                    }
                    outcome = how;
                    completed.signalAll();
                    return true;
                });
    }

    /// @return false if the task is already complete
    boolean heartbeat() {
        return execution.withLock(
                () -> {
                    if (closed || outcome != null) {
                        return false;
                    }
                    lastSignOfLife = clock.instant();
                    return true;
                });
    }

    /// Sets the action for a task that is abandoned before it has a result.
    void onAbandoned(Runnable work) {
        execution.withLock(() -> whenGivenUp = work);
    }

    /// Ends the wait of the task; requires the lock.
    void close() {
        closed = true;
        if (outcome == null && whenGivenUp != null) {
            whenGivenUp.run();
        }
    }

    /// Waits for the result; requires the lock and releases it meanwhile.
    ///
    /// @throws InterruptedException if the task is abandoned
    TaskResult await(
            CloudClock cloud,
            Instant since,
            @Nullable Duration timeout,
            @Nullable Duration heartbeat)
            throws InterruptedException {
        while (outcome == null) {
            Instant now = cloud.instant();
            Instant timeoutAt = timeout == null ? Instant.MAX : since.plus(timeout);
            Instant heartbeatAt = heartbeat == null ? Instant.MAX : lastSignOfLife.plus(heartbeat);
            if (!now.isBefore(timeoutAt)) {
                return new TaskResult.TaskTimedOut(false);
            }
            if (!now.isBefore(heartbeatAt)) {
                return new TaskResult.TaskTimedOut(true);
            }
            Instant until = timeoutAt.isBefore(heartbeatAt) ? timeoutAt : heartbeatAt;
            if (until.equals(Instant.MAX)) {
                completed.await();
            } else {
                Duration real = cloud.toWallTime(Duration.between(now, until));
                boolean unused = completed.await(real.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        return outcome;
    }
}
