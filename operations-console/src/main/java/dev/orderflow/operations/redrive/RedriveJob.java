package dev.orderflow.operations.redrive;

import dev.orderflow.operations.redrive.OutcomeReasons.ItemOutcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A running redrive: its pace, its counts, what it has processed, and whether it may continue.
public final class RedriveJob {

    private final UUID id;
    private final int runNumber;
    private final RedriveTask task;
    private final Redrives redrives;
    private final CountDownLatch stopping;
    private final Set<String> processed;
    private final OutcomeReasons reasons;
    private long nextAt = System.nanoTime();
    private int done;
    private int skipped;
    private int blocked;
    private int failed;

    /// @param before the redrive as it was stored when this run began
    /// @param processed the items that earlier runs have processed
    RedriveJob(
            Redrive before,
            int runNumber,
            RedriveTask task,
            Set<String> processed,
            Redrives redrives,
            CountDownLatch stopping) {
        this.id = before.id();
        this.runNumber = runNumber;
        this.task = task;
        this.redrives = redrives;
        this.stopping = stopping;
        this.processed = new HashSet<>(processed);
        this.reasons = OutcomeReasons.continuing(before.reasons());
        this.done = before.done();
        this.skipped = before.skipped();
        this.blocked = before.blocked();
        this.failed = before.failed();
    }

    /// The id of the redrive, which each of its messages carries as an attribute.
    public UUID id() {
        return id;
    }

    /// The number of this run, which grows with each pause and each instance that continues.
    int runNumber() {
        return runNumber;
    }

    /// What the operator requested.
    public RedriveTask task() {
        return task;
    }

    /// Whether an item was processed, skipped, blocked or has failed, in this run or before.
    public boolean isProcessed(String item) {
        return processed.contains(item);
    }

    /// How many items were processed.
    public int processedCount() {
        return processed.size();
    }

    /// Whether the first item is still to be processed, and the others wait for it.
    public boolean needsCanary() {
        return task.canary() && done == 0;
    }

    /// Waits until the maximum rate allows the next item.
    public void awaitPace() {
        pause(Duration.ofNanos(Math.max(0, nextAt - System.nanoTime())));
        nextAt = System.nanoTime() + Duration.ofSeconds(1).toNanos() / task.perSecond();
    }

    /// Waits, unless the console stops meanwhile.
    ///
    /// @throws RedriveStoppedException when the console stops, or the redrive was paused, cancelled
    ///     or continued elsewhere
    public void pause(Duration time) {
        try {
            if (stopping.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ConsoleStoppingException();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ConsoleStoppingException();
        }
        save(Optional.empty(), "", Optional.empty());
    }

    /// Counts an item that was redriven, discarded or dismissed.
    ///
    /// @param subject the id of the message or the name of the execution
    /// @param orderId the order of the message
    public void countDone(String subject, Optional<UUID> orderId) {
        done++;
        save(Optional.of(subject), "DONE", orderId);
    }

    /// Counts an item that needs no redrive any more.
    ///
    /// @param description why; the same text for all items with the same reason
    /// @param subject the id of the message or the name of the execution
    public void countSkipped(String description, String subject) {
        skipped++;
        count(ItemOutcome.SKIPPED, description, subject);
    }

    /// Counts an item that is left where it is, for example because it contradicts its order.
    public void countBlocked(String description, String subject) {
        blocked++;
        count(ItemOutcome.BLOCKED, description, subject);
    }

    /// Counts an item that could not be moved.
    public void countFailed(String description, String subject) {
        failed++;
        count(ItemOutcome.FAILED, description, subject);
    }

    private void count(ItemOutcome outcome, String description, String subject) {
        reasons.add(outcome, description, subject);
        save(Optional.of(subject), outcome.name(), Optional.empty());
    }

    /// The counts, as text for the audit trail.
    String summary() {
        return "done=%d skipped=%d blocked=%d failed=%d".formatted(done, skipped, blocked, failed);
    }

    private void save(Optional<String> item, String outcome, Optional<UUID> orderId) {
        item.ifPresent(processed::add);
        var progress = new Redrives.RedriveCounts(done, skipped, blocked, failed, reasons);
        if (!redrives.saveProgress(id, runNumber, progress, item, outcome, orderId)) {
            throw new RedriveStoppedException(
                    "the redrive was paused, cancelled or continued by another instance");
        }
    }

    /// The console stops: another instance continues.
    static final class ConsoleStoppingException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ConsoleStoppingException() {
            super("the console stops");
        }
    }
}
