package dev.orderflow.operations.redrive;

import dev.orderflow.operations.redrive.OutcomeReasons.ItemOutcome;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A running redrive: its pace, its counts, and whether it may continue.
public final class RedriveJob {

    private final UUID id;
    private final RedriveTask assignment;
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
        this.assignment = assignment;
        this.redrives = redrives;
        this.stopping = stopping;
    }

    /// The id that every message of this redrive carries.
    public UUID id() {
        return id;
    }

    /// What this redrive does.
    public RedriveTask task() {
        return assignment;
    }

    /// Waits until the pace allows the next item.
    public void awaitPace() {
        pause(Duration.ofNanos(Math.max(0, nextAt - System.nanoTime())));
        nextAt = System.nanoTime() + Duration.ofSeconds(1).toNanos() / assignment.perSecond();
    }

    /// Waits, unless the console stops meanwhile.
    ///
    /// @throws RedriveStoppedException when it stops, or when another instance has taken over
    public void pause(Duration time) {
        try {
            if (stopping.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new RedriveStoppedException("the console was stopped");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new RedriveStoppedException("the console was stopped", stopped);
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
    /// @param why the same words for all that are skipped alike
    /// @param subject the message or execution it is about
    public void countSkipped(String why, String subject) {
        skipped++;
        reasons.add(ItemOutcome.SKIPPED, why, subject);
        saveProgress();
    }

    /// Counts an item that stays in its queue, since its order contradicts it.
    public void countBlocked(String why, String subject) {
        blocked++;
        reasons.add(ItemOutcome.BLOCKED, why, subject);
        saveProgress();
    }

    /// Counts an item that could not be moved.
    public void countFailed(String why, String subject) {
        failed++;
        reasons.add(ItemOutcome.FAILED, why, subject);
        saveProgress();
    }

    /// The counts, for the audit trail.
    String summary() {
        return "done=%d skipped=%d blocked=%d failed=%d".formatted(done, skipped, blocked, failed);
    }

    private void saveProgress() {
        if (!redrives.saveProgress(id, done, skipped, blocked, failed, reasons)) {
            throw new RedriveStoppedException("the lease was lost to another instance");
        }
    }
}
