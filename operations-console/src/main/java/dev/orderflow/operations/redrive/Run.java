package dev.orderflow.operations.redrive;

import dev.orderflow.operations.redrive.Reasons.Fate;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A redrive at work: its pace, its progress, and whether it may go on.
public final class Run {

    private final UUID id;
    private final Assignment assignment;
    private final Redrives redrives;
    private final CountDownLatch stopping;
    private long nextAt = System.nanoTime();
    private final Reasons reasons = new Reasons();
    private int done;
    private int skipped;
    private int held;
    private int failed;

    Run(UUID id, Assignment assignment, Redrives redrives, CountDownLatch stopping) {
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
    public Assignment assignment() {
        return assignment;
    }

    /// Waits until the next one may be moved.
    public void pace() {
        pause(Duration.ofNanos(Math.max(0, nextAt - System.nanoTime())));
        nextAt = System.nanoTime() + Duration.ofSeconds(1).toNanos() / assignment.perSecond();
    }

    /// Waits, unless the console stops meanwhile.
    ///
    /// @throws StoppedException when it stops, or when another instance has taken over
    public void pause(Duration time) {
        try {
            if (stopping.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StoppedException("the console was stopped");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new StoppedException("the console was stopped", stopped);
        }
        report();
    }

    /// One more is redriven or discarded.
    public void done() {
        done++;
        report();
    }

    /// One more needs it no more.
    ///
    /// @param why the same words for all that are skipped alike
    /// @param subject the message or execution it is about
    public void skipped(String why, String subject) {
        skipped++;
        reasons.add(Fate.SKIPPED, why, subject);
        report();
    }

    /// One more stays where it is.
    public void held(String why, String subject) {
        held++;
        reasons.add(Fate.HELD, why, subject);
        report();
    }

    /// One more could not be moved.
    public void failed(String why, String subject) {
        failed++;
        reasons.add(Fate.FAILED, why, subject);
        report();
    }

    /// The counts, for the audit trail.
    String tally() {
        return "done=%d skipped=%d held=%d failed=%d".formatted(done, skipped, held, failed);
    }

    private void report() {
        if (!redrives.progress(id, done, skipped, held, failed, reasons)) {
            throw new StoppedException("the lease was lost to another instance");
        }
    }
}
