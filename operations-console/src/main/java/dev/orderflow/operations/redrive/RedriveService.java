package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.operations.audittrail.AuditTrail;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Runs redrives, discards and dismissals in the background, and records their intent and their
/// end.
@Component
public class RedriveService implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RedriveService.class);

    private final Redrives redrives;
    private final AuditTrail auditTrail;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean running;

    RedriveService(Redrives redrives, AuditTrail auditTrail) {
        this.redrives = redrives;
        this.auditTrail = auditTrail;
    }

    /// The result of [#submit].
    public sealed interface StartResult {

        /// The redrive runs.
        record RedriveStarted(Redrive redrive) implements StartResult {}

        /// Another redrive runs on the same target.
        record RedriveInProgress(Redrive other) implements StartResult {}
    }

    /// What a redrive does with each item.
    @FunctionalInterface
    public interface RedriveWork {

        /// Moves what is to be moved.
        ///
        /// @return what is to be known about it, empty when nothing is
        /// @throws RedriveStoppedException when it has to end early
        String run(RedriveJob run);
    }

    /// Starts the work in the background, after its intent is on record.
    public StartResult submit(RedriveTask assignment, RedriveWork work) {
        var id = UUID.randomUUID();
        if (!redrives.begin(id, assignment)) {
            return redrives.findRunning(assignment.target())
                    .<StartResult>map(StartResult.RedriveInProgress::new)
                    // It ended in between.
                    .orElseGet(() -> submit(assignment, work));
        }
        try {
            auditTrail.record(
                    assignment.operator(),
                    assignment.action() + "_INTENDED",
                    assignment.target(),
                    assignment.reason(),
                    "%s redrive=%s perSecond=%d canary=%s force=%s"
                            .formatted(
                                    assignment.selection(),
                                    id,
                                    assignment.perSecond(),
                                    assignment.canary(),
                                    assignment.force()));
            var started = redrives.find(id).orElseThrow();
            var run = new RedriveJob(id, assignment, redrives, stopping);
            threads.execute(() -> run(run, work));
            return new StartResult.RedriveStarted(started);
        } catch (RuntimeException notStarted) {
            redrives.end(id, Redrive.RedriveState.STOPPED, "could not be started");
            throw notStarted;
        }
    }

    /// A redrive of the past or present.
    public Optional<Redrive> find(UUID id) {
        return redrives.find(id);
    }

    /// The latest, the newest first.
    public List<Redrive> latest(int limit) {
        return redrives.latest(limit);
    }

    private void run(RedriveJob run, RedriveWork work) {
        try {
            end(run, Redrive.RedriveState.DONE, work.run(run));
        } catch (RedriveStoppedException early) {
            end(run, Redrive.RedriveState.STOPPED, String.valueOf(early.getMessage()));
        } catch (RuntimeException unexpected) {
            log.error("redrive {} failed unexpectedly", run.id(), RedactedException.of(unexpected));
            end(
                    run,
                    Redrive.RedriveState.STOPPED,
                    "unexpected error: " + unexpected.getClass().getSimpleName());
        }
    }

    private void end(RedriveJob run, Redrive.RedriveState state, String note) {
        var assignment = run.task();
        try {
            auditTrail.record(
                    assignment.operator(),
                    assignment.action() + "_" + state,
                    assignment.target(),
                    assignment.reason(),
                    ("redrive=%s %s %s".formatted(run.id(), run.summary(), note)).strip());
            redrives.end(run.id(), state, note);
        } catch (RuntimeException databaseAway) {
            // The lease runs out, and it is shown as abandoned.
            log.warn(
                    "redrive {} ended, but its end could not be stored; it will be shown as ABANDONED when its lease expires",
                    run.id(),
                    RedactedException.of(databaseAway));
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stopping.countDown();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(20, TimeUnit.SECONDS)) {
                log.warn(
                        "a redrive did not stop within 20 s; its messages become visible again after their visibility time-out");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
