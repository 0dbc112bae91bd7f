package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.time.CloudClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A task that waits for somebody to say how it went. Guarded by its execution's lock.
final class PendingTask {

    /// How a task went.
    sealed interface TaskResult {
        record TaskSucceeded(JsonNode output) implements TaskResult {}

        record TaskFailed(@Nullable String error, @Nullable String cause) implements TaskResult {}

        /// @param ofHeartbeat whether it was a heartbeat that did not come
        record TaskTimedOut(boolean ofHeartbeat) implements TaskResult {}
    }

    private final Execution execution;
    private final Condition told;
    private final Clock clock;
    private Instant lastSignOfLife;
    private @Nullable TaskResult outcome;
    private @Nullable Runnable whenGivenUp;
    private boolean closed;

    PendingTask(Execution execution, Clock clock) {
        this.execution = execution;
        this.told = execution.condition();
        this.clock = clock;
        this.lastSignOfLife = clock.instant();
    }

    /// The state machine whose execution waits.
    String stateMachineArn() {
        return execution.machine.arn();
    }

    /// @return false when the task is over already
    boolean complete(TaskResult how) {
        return execution.withLock(
                () -> {
                    if (closed || outcome != null) {
                        return false;
                    }
                    outcome = how;
                    told.signalAll();
                    return true;
                });
    }

    /// @return false when the task is over already
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

    /// What to do when the task stops waiting before it was told how it went.
    void onAbandoned(Runnable work) {
        execution.withLock(() -> whenGivenUp = work);
    }

    /// The task waits no longer; with the baton in hand.
    void close() {
        closed = true;
        if (outcome == null && whenGivenUp != null) {
            whenGivenUp.run();
        }
    }

    /// Waits for the outcome; with the baton in hand, which is let go meanwhile.
    ///
    /// @throws InterruptedException when the outcome is not wanted any more
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
                told.await();
            } else {
                Duration real = cloud.toWallTime(Duration.between(now, until));
                boolean unused = told.await(real.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        return outcome;
    }
}
