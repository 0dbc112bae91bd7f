package dev.orderflow.localcloud.sqs;

import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Moves messages out of dead-letter queues, one task at a time for each queue
/// (StartMessageMoveTask).
final class MessageMoveTasks implements AutoCloseable {

    /// The status of a task.
    enum MoveTaskStatus {
        RUNNING,
        COMPLETED,
        CANCELLED,
        FAILED
    }

    private static final int KEPT_FOR_EACH_QUEUE = 10;

    private final CloudClock clock;
    private final Function<String, @Nullable SqsQueue> queues;
    private final List<MessageMoveTask> tasks = new ArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    /// @param queues finds a queue by ARN
    MessageMoveTasks(CloudClock clock, Function<String, @Nullable SqsQueue> queues) {
        this.clock = clock;
        this.queues = queues;
    }

    /// One task.
    static final class MessageMoveTask {
        final String handle;
        final String sourceArn;
        final @Nullable String destinationArn;
        final @Nullable Integer perSecond;
        final long startedMillis;
        final int toMove;
        final AtomicInteger moved = new AtomicInteger();
        volatile MoveTaskStatus status = MoveTaskStatus.RUNNING;
        volatile @Nullable String failure;

        private MessageMoveTask(
                String sourceArn,
                @Nullable String destinationArn,
                @Nullable Integer perSecond,
                long startedMillis,
                int toMove) {
            this.handle =
                    Base64.getEncoder()
                            .encodeToString(
                                    "{\"taskId\":\"%s\",\"sourceArn\":\"%s\"}"
                                            .formatted(UUID.randomUUID(), sourceArn)
                                            .getBytes(StandardCharsets.UTF_8));
            this.sourceArn = sourceArn;
            this.destinationArn = destinationArn;
            this.perSecond = perSecond;
            this.startedMillis = startedMillis;
            this.toMove = toMove;
        }
    }

    /// @param destinationArn null to return each message to its source queue
    synchronized String start(
            SqsQueue source, @Nullable String destinationArn, @Nullable Integer perSecond) {
        if (tasks.stream()
                .anyMatch(
                        task ->
                                task.sourceArn.equals(source.arn())
                                        && task.status == MoveTaskStatus.RUNNING)) {
            throw SqsErrors.named(
                    "UnsupportedOperation",
                    "There is already a task running. Only one active task is allowed for a source queue arn at a given time.");
        }
        var task =
                new MessageMoveTask(
                        source.arn(),
                        destinationArn,
                        perSecond,
                        clock.millis(),
                        source.depth().visible());
        tasks.addFirst(task);
        Thread.ofVirtual().name("sqs-move-task").start(() -> run(task, source));
        return task.handle;
    }

    private void run(MessageMoveTask task, SqsQueue source) {
        while (task.status == MoveTaskStatus.RUNNING) {
            var next = source.pollVisible();
            if (next.isEmpty()) {
                finish(task, MoveTaskStatus.COMPLETED, null);
                return;
            }
            var message = next.get();
            var destination =
                    task.destinationArn != null ? task.destinationArn : message.deadLetterSourceArn;
            var queue = destination == null ? null : queues.apply(destination);
            if (queue == null) {
                source.restore(message);
                finish(
                        task,
                        MoveTaskStatus.FAILED,
                        destination == null
                                ? "CouldNotDetermineMessageSource"
                                : "AWS.SimpleQueueService.NonExistentQueue");
                return;
            }
            // A moved message is a new message with its own id and age.
            queue.send(message.content, 0);
            task.moved.incrementAndGet();
            if (task.perSecond != null && awaitClosing(Duration.ofSeconds(1), task.perSecond)) {
                return;
            }
        }
    }

    private boolean awaitClosing(Duration second, int parts) {
        try {
            return closing.await(
                    clock.toWallTime(second.dividedBy(parts)).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private synchronized void finish(
            MessageMoveTask task, MoveTaskStatus status, @Nullable String failure) {
        if (task.status == MoveTaskStatus.RUNNING) {
            task.failure = failure;
            task.status = status;
        }
    }

    /// @return the number of messages already moved
    /// @throws AwsErrorException if no such task is running
    synchronized int cancel(String handle) {
        var task =
                tasks.stream()
                        .filter(known -> known.handle.equals(handle))
                        .findFirst()
                        .orElseThrow(() -> SqsErrors.notFound("Task does not exist."));
        if (task.status != MoveTaskStatus.RUNNING) {
            throw SqsErrors.named("UnsupportedOperation", "Only active tasks can be cancelled.");
        }
        finish(task, MoveTaskStatus.CANCELLED, null);
        return task.moved.get();
    }

    /// The latest tasks of a queue, newest first.
    synchronized List<MessageMoveTask> findBySource(String sourceArn, int most) {
        return tasks.stream()
                .filter(task -> task.sourceArn.equals(sourceArn))
                .limit(Math.min(most, KEPT_FOR_EACH_QUEUE))
                .toList();
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
