package dev.orderflow.operations.redrive;

import dev.orderflow.operations.redrive.OutcomeReasons.ItemOutcome;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A running redrive: its pace, its counts, and whether it may continue.
public final class RedriveJob {

    private final UUID id;
    private final RedriveTask task;
    private final Redrives redrives;
    private final CountDownLatch stopping;
    private long nextAt = System.nanoTime();
    private final OutcomeReasons reasons = new OutcomeReasons();
    private int done;
    private int skipped;
    private int blocked;
    private int failed;

    RedriveJob(UUID id, RedriveTask assignment, Redrives redrives, CountDownLatch stopping) {
        this.id = id;
        this.task = assignment;
        this.redrives = redrives;
        this.stopping = stopping;
    }

    /// The id of the redrive, which each of its messages carries as an attribute.
    public UUID id() {
        return id;
    }

    /// What the operator requested.
    public RedriveTask task() {
        return task;
    }

    /// Waits until the maximum rate allows the next item.
    public void awaitPace() {
        pause(Duration.ofNanos(Math.max(0, nextAt - System.nanoTime())));
        nextAt = System.nanoTime() + Duration.ofSeconds(1).toNanos() / task.perSecond();
    }

    /// Waits, unless the console stops meanwhile.
    ///
    /// @throws RedriveStoppedException when the console stops, or the lease was lost
    public void pause(Duration time) {
        try {
            if (stopping.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new RedriveStoppedException("the console was stopped");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RedriveStoppedException("the console was stopped", interrupted);
        }
        saveProgress();
    }

    /// Counts an item that was redriven, discarded or dismissed.
    public void countDone() {
        done++;
        saveProgress();
    }

    /// Counts an item that needs no redrive any more.
    ///
    /// @param description why; the same text for all items with the same reason
    /// @param subject the id of the message or the name of the execution
    public void countSkipped(String description, String subject) {
        skipped++;
        reasons.add(ItemOutcome.SKIPPED, description, subject);
        saveProgress();
    }

    /// Counts an item that is left where it is, for example because it contradicts its order.
    public void countBlocked(String description, String subject) {
        blocked++;
        reasons.add(ItemOutcome.BLOCKED, description, subject);
        saveProgress();
    }

    /// Counts an item that could not be moved.
    public void countFailed(String description, String subject) {
        failed++;
        reasons.add(ItemOutcome.FAILED, description, subject);
        saveProgress();
    }

    /// The counts, as text for the audit trail.
    String summary() {
        return "done=%d skipped=%d blocked=%d failed=%d".formatted(done, skipped, blocked, failed);
    }

    private void saveProgress() {
        if (!redrives.saveProgress(id, done, skipped, blocked, failed, reasons)) {
            throw new RedriveStoppedException("the lease was lost to another instance");
        }
    }
}
