package dev.orderflow.operations.redrive;

import dev.orderflow.operations.redrive.OutcomeReasons.ItemOutcome;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A redrive at work: its pace, its progress, and whether it may go on.
public final class RedriveJob {

    private final UUID id;
    private final RedriveTask assignment;
    private final Redrives redrives;
    private final CountDownLatch stopping;
    private long nextAt = System.nanoTime();
    private final OutcomeReasons reasons = new OutcomeReasons();
    private int done;
    private int skipped;
    private int held;
    private int failed;

    RedriveJob(UUID id, RedriveTask assignment, Redrives redrives, CountDownLatch stopping) {
        this.id = id;
        this.assignment = assignment;
        this.redrives = redrives;
        this.stopping = stopping;
    }

    /// What goes on every message it sends.
    public UUID id() {
        return id;
    }

    /// What is to be done.
    public RedriveTask assignment() {
        return assignment;
    }

    /// Waits until the next one may be moved.
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

    /// One more is redriven or discarded.
    public void countDone() {
        done++;
        saveProgress();
    }

    /// One more needs it no more.
    ///
    /// @param why the same words for all that are skipped alike
    /// @param subject the message or execution it is about
    public void countSkipped(String why, String subject) {
        skipped++;
        reasons.add(ItemOutcome.SKIPPED, why, subject);
        saveProgress();
    }

    /// One more stays where it is.
    public void countBlocked(String why, String subject) {
        held++;
        reasons.add(ItemOutcome.HELD, why, subject);
        saveProgress();
    }

    /// One more could not be moved.
    public void countFailed(String why, String subject) {
        failed++;
        reasons.add(ItemOutcome.FAILED, why, subject);
        saveProgress();
    }

    /// The counts, for the audit trail.
    String summary() {
        return "done=%d skipped=%d held=%d failed=%d".formatted(done, skipped, held, failed);
    }

    private void saveProgress() {
        if (!redrives.saveProgress(id, done, skipped, held, failed, reasons)) {
            throw new RedriveStoppedException("the lease was lost to another instance");
        }
    }
}
