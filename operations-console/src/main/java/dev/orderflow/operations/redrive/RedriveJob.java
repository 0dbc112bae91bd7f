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

    /// Much less than the lease.
    private static final Duration RENEW_AFTER = Duration.ofSeconds(5);

    private final UUID id;
    private final int runNumber;
    private final RedriveTask task;
    private final Redrives redrives;
    private final CountDownLatch stopping;
    private final Set<String> processed;
    private final Set<String> sent;
    private final OutcomeReasons reasons;
    private long nextAt = System.nanoTime();
    private long savedAt = System.nanoTime();
    private int done;
    private int skipped;
    private int blocked;
    private int failed;
    private boolean canaryPassed;

    /// @param before the redrive as it was stored when this run began
    /// @param processed the items that earlier runs have processed
    /// @param sent those of them that were sent to their consumers
    RedriveJob(
            Redrive before,
            int runNumber,
            RedriveTask task,
            Set<String> processed,
            Set<String> sent,
            Redrives redrives,
            CountDownLatch stopping) {
        this.id = before.id();
        this.runNumber = runNumber;
        this.task = task;
        this.redrives = redrives;
        this.stopping = stopping;
        this.processed = new HashSet<>(processed);
        this.sent = new HashSet<>(sent);
        this.reasons = OutcomeReasons.continuing(before.reasons());
        this.done = before.done();
        this.skipped = before.skipped();
        this.blocked = before.blocked();
        this.failed = before.failed();
        this.canaryPassed = before.canaryPassed();
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

    /// Whether a message was sent to its consumer, in this run or before, so that it need not be in
    /// its dead-letter queue any more.
    public boolean isSent(String item) {
        return sent.contains(item);
    }

    /// How many items were processed.
    public int processedCount() {
        return processed.size();
    }

    /// Whether all other items still wait for the first one, the canary.
    public boolean needsCanary() {
        return task.canary() && !canaryPassed;
    }

    /// The canary that an earlier run has sent and whose result that run did not see.
    public Optional<RedrivenItem> findSentCanary() {
        return needsCanary() && done > 0 ? redrives.findFirstSent(id) : Optional.empty();
    }

    /// Lets the other items follow.
    public void passCanary() {
        canaryPassed = true;
        save(Optional.empty());
    }

    /// Waits until the maximum rate allows the next item.
    public void awaitPace() {
        pause(Duration.ofNanos(Math.max(0, nextAt - System.nanoTime())));
        nextAt = System.nanoTime() + Duration.ofSeconds(1).toNanos() / task.perSecond();
    }

    /// Keeps other instances from continuing the redrive while it reads its queue, which may take
    /// minutes. Calls that follow each other closely cost nothing.
    ///
    /// @throws RedriveStoppedException as [#pause]
    public void renewLease() {
        if (System.nanoTime() - savedAt > RENEW_AFTER.toNanos()) {
            pause(Duration.ZERO);
        }
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
        save(Optional.empty());
    }

    /// Counts an item that was discarded or dismissed.
    ///
    /// @param subject the id of the message or the name of the execution
    /// @param orderId the order of the message
    public void countDone(String subject, Optional<UUID> orderId) {
        done++;
        var result =
                switch (task.action()) {
                    case DISCARD -> ItemResult.DISCARDED;
                    case DISMISS -> ItemResult.DISMISSED;
                    case REDRIVE, EDIT -> throw new IllegalStateException("use countRedriven");
                };
        save(new Redrives.ProcessedItem(subject, result, orderId, Optional.empty()));
    }

    /// Counts an item that was redriven.
    ///
    /// @param sent what was sent, with which its result is found later
    public void countRedriven(String subject, Optional<UUID> orderId, SentItem sent) {
        done++;
        save(new Redrives.ProcessedItem(subject, ItemResult.WAITING, orderId, Optional.of(sent)));
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
        save(
                new Redrives.ProcessedItem(
                        subject,
                        ItemResult.valueOf(outcome.name()),
                        Optional.empty(),
                        Optional.empty()));
    }

    /// The counts, as text for the audit trail.
    String summary() {
        return "done=%d skipped=%d blocked=%d failed=%d".formatted(done, skipped, blocked, failed);
    }

    private void save(Redrives.ProcessedItem item) {
        processed.add(item.id());
        if (item.sent().isPresent()) {
            sent.add(item.id());
        }
        save(Optional.of(item));
    }

    private void save(Optional<Redrives.ProcessedItem> item) {
        savedAt = System.nanoTime();
        var progress =
                new Redrives.RedriveCounts(done, skipped, blocked, failed, canaryPassed, reasons);
        if (!redrives.saveProgress(id, runNumber, progress, item)) {
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
