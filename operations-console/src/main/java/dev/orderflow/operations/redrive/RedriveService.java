package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.services.AwsFailureText;
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
import software.amazon.awssdk.core.exception.SdkException;

/// Runs redrives, discards and dismissals in the background, and records their beginning and their
/// end in the audit trail.
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

        /// The redrive was started.
        record RedriveStarted(Redrive redrive) implements StartResult {}

        /// Another redrive is running on the same target.
        record RedriveInProgress(Redrive other) implements StartResult {}
    }

    /// The work of a redrive, a discard or a dismissal.
    @FunctionalInterface
    public interface RedriveWork {

        /// Processes all selected items.
        ///
        /// @return a note for operators, or an empty string
        /// @throws RedriveStoppedException when it must end early
        String run(RedriveJob job);
    }

    /// Records the task in the audit trail, then starts the work in the background.
    public StartResult submit(RedriveTask task, RedriveWork work) {
        var id = task.id();
        if (!redrives.begin(id, task)) {
            var same = redrives.find(id);
            if (same.isPresent()) {
                return new StartResult.RedriveStarted(same.get());
            }
            return redrives.findRunning(task.target())
                    .<StartResult>map(StartResult.RedriveInProgress::new)
                    // The other redrive has ended since.
                    .orElseGet(() -> submit(task, work));
        }
        try {
            auditTrail.record(
                    task.operator(),
                    task.action() + "_REQUESTED",
                    task.target(),
                    task.reason(),
                    "%s redrive=%s perSecond=%d canary=%s force=%s"
                            .formatted(
                                    task.selection().describe(),
                                    id,
                                    task.perSecond(),
                                    task.canary(),
                                    task.force()));
            var started = redrives.find(id).orElseThrow();
            var job = new RedriveJob(id, task, redrives, stopping);
            threads.execute(() -> run(job, work));
            return new StartResult.RedriveStarted(started);
        } catch (RuntimeException failure) {
            redrives.end(id, Redrive.RedriveState.STOPPED, "could not be started");
            throw failure;
        }
    }

    /// Finds a running or ended redrive.
    public Optional<Redrive> find(UUID id) {
        return redrives.find(id);
    }

    /// The latest redrives, the newest first.
    public List<Redrive> latest(int limit) {
        return redrives.latest(limit);
    }

    private void run(RedriveJob job, RedriveWork work) {
        try {
            end(job, Redrive.RedriveState.DONE, work.run(job));
        } catch (RedriveStoppedException stopped) {
            end(job, Redrive.RedriveState.STOPPED, String.valueOf(stopped.getMessage()));
        } catch (SdkException failure) {
            var reason = AwsFailureText.describe("AWS", failure);
            log.warn("redrive {} stopped: {}", job.id(), reason);
            end(job, Redrive.RedriveState.STOPPED, reason + "; run it again");
        } catch (RuntimeException unexpected) {
            log.error("redrive {} failed unexpectedly", job.id(), RedactedException.of(unexpected));
            end(
                    job,
                    Redrive.RedriveState.STOPPED,
                    "unexpected error: " + unexpected.getClass().getSimpleName());
        }
    }

    private void end(RedriveJob job, Redrive.RedriveState state, String note) {
        var task = job.task();
        try {
            auditTrail.record(
                    task.operator(),
                    task.action() + "_" + state,
                    task.target(),
                    task.reason(),
                    ("redrive=%s %s %s".formatted(job.id(), job.summary(), note)).strip());
            redrives.end(job.id(), state, note);
        } catch (RuntimeException failure) {
            // When its lease expires, it is shown as abandoned.
            log.warn(
                    "redrive {} ended, but its end could not be stored; it will be shown as ABANDONED when its lease expires",
                    job.id(),
                    RedactedException.of(failure));
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
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
