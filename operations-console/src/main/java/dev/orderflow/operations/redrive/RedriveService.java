package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.operations.audittrail.AuditTrail;
import dev.orderflow.operations.services.AwsFailureDescription;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.exception.SdkException;

/// Runs redrives, discards and dismissals in the background, and records their beginning and their
/// end in the audit trail.
@Component
public class RedriveService implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RedriveService.class);

    private static final int MAX_TAKEN_OVER = 10;

    private final Redrives redrives;
    private final AuditTrail auditTrail;
    private final ObjectProvider<RedriveWorker> workers;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean running;

    RedriveService(
            Redrives redrives, AuditTrail auditTrail, ObjectProvider<RedriveWorker> workers) {
        this.workers = workers;
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

    /// The result of [#pause], [#resume] and [#cancel].
    public sealed interface ControlResult {

        /// The redrive has the new state.
        record StateChanged(Redrive redrive) implements ControlResult {}

        /// The redrive is in a state in which this is not possible.
        record WrongState(Redrive redrive) implements ControlResult {}

        /// There is no such redrive.
        record RedriveUnknown() implements ControlResult {}
    }

    /// Records the task in the audit trail, then starts the work in the background.
    public StartResult submit(RedriveTask task, RedriveWork work) {
        var id = task.id();
        if (!redrives.begin(id, task)) {
            var same = redrives.find(id);
            if (same.isPresent()) {
                return new StartResult.RedriveStarted(same.get());
            }
            return redrives.findActive(task.target())
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
            var job = new RedriveJob(started, 1, task, Set.of(), Set.of(), redrives, stopping);
            threads.execute(() -> run(job, work));
            return new StartResult.RedriveStarted(started);
        } catch (RuntimeException failure) {
            redrives.end(id, 1, Redrive.RedriveState.STOPPED, "could not be started");
            throw failure;
        }
    }

    /// Pauses a redrive before its next item. Its messages become visible again.
    public ControlResult pause(UUID id, Operator operator, String reason) {
        return control(id, operator, reason, "PAUSE", redrives::pause);
    }

    /// Ends a redrive before its next item. What it has done stays done.
    public ControlResult cancel(UUID id, Operator operator, String reason) {
        return control(
                id,
                operator,
                reason,
                "CANCEL",
                redrive -> redrives.cancel(redrive, "cancelled by " + operator.name()));
    }

    /// Continues a paused redrive where it stopped, in this instance.
    public ControlResult resume(UUID id, Operator operator, String reason) {
        return control(
                id,
                operator,
                reason,
                "RESUME",
                redrive ->
                        redrives.resume(redrive)
                                .map(
                                        continued -> {
                                            continueRun(continued);
                                            return true;
                                        })
                                .orElse(false));
    }

    /// If two operators do this at the same time, one changes the state, and the other gets the
    /// state that it has.
    private ControlResult control(
            UUID id, Operator operator, String reason, String action, Predicate<UUID> change) {
        var before = redrives.find(id);
        if (before.isEmpty()) {
            return new ControlResult.RedriveUnknown();
        }
        auditTrail.record(
                operator,
                "REDRIVE_" + action + "_REQUESTED",
                before.get().target(),
                reason,
                "redrive=" + id);
        boolean isChanged = change.test(id);
        var now = redrives.find(id).orElseThrow();
        return isChanged ? new ControlResult.StateChanged(now) : new ControlResult.WrongState(now);
    }

    /// Continues the redrives of instances that died, where they stopped.
    void takeOver() {
        redrives.takeOver(MAX_TAKEN_OVER).forEach(this::continueRun);
    }

    private void continueRun(Redrives.ContinuedRedrive continued) {
        var redrive = continued.redrive();
        var task = continued.task().map(stored -> stored.toTask(redrive));
        var work =
                task.flatMap(
                        it ->
                                workers.stream()
                                        .filter(worker -> worker.handles(it.target()))
                                        .findFirst()
                                        .map(worker -> worker.workOf(it)));
        if (work.isEmpty()) {
            redrives.end(
                    redrive.id(),
                    continued.runNumber(),
                    Redrive.RedriveState.STOPPED,
                    "it cannot be continued; run it again");
            return;
        }
        log.info("redrive {} continues", redrive.id());
        var job =
                new RedriveJob(
                        redrive,
                        continued.runNumber(),
                        task.get(),
                        redrives.findProcessed(redrive.id()),
                        redrives.findSent(redrive.id()),
                        redrives,
                        stopping);
        threads.execute(() -> run(job, work.get()));
    }

    /// Finds a running or ended redrive.
    public Optional<Redrive> find(UUID id) {
        return redrives.find(id);
    }

    /// Whether a redrive is running on a target, in any instance. A paused one is not: it keeps its
    /// target from other redrives, and holds none of its messages.
    public boolean isRunning(String target) {
        return redrives.findActive(target)
                .filter(redrive -> redrive.state() == Redrive.RedriveState.RUNNING)
                .isPresent();
    }

    /// The latest redrives, the newest first.
    public List<Redrive> latest(int limit) {
        return redrives.latest(Optional.empty(), limit);
    }

    /// The latest redrives of a target, the newest first.
    public List<Redrive> latest(String target, int limit) {
        return redrives.latest(Optional.of(target), limit);
    }

    private void run(RedriveJob job, RedriveWork work) {
        try {
            end(job, Redrive.RedriveState.DONE, work.run(job));
        } catch (RedriveJob.ConsoleStoppingException _) {
            log.info("redrive {} is continued by another instance, or after the restart", job.id());
            redrives.releaseLease(job.id(), job.runNumber());
        } catch (RedriveStoppedException stopped) {
            end(job, Redrive.RedriveState.STOPPED, String.valueOf(stopped.getMessage()));
        } catch (SdkException failure) {
            var reason = AwsFailureDescription.describe("AWS", failure);
            log.warn("redrive {} stopped: {}", job.id(), reason);
            end(job, Redrive.RedriveState.STOPPED, reason + "; run it again");
        } catch (RuntimeException unexpected) {
            log.error("redrive {} failed unexpectedly", job.id(), RedactedException.of(unexpected));
            end(
                    job,
                    Redrive.RedriveState.STOPPED,
                    "unexpected error: " + FailureDescription.of(unexpected));
        }
    }

    /// One that was paused or cancelled meanwhile keeps that state.
    private void end(RedriveJob job, Redrive.RedriveState state, String note) {
        var task = job.task();
        try {
            if (redrives.end(job.id(), job.runNumber(), state, note)) {
                auditTrail.record(
                        task.operator(),
                        task.action() + "_" + state,
                        task.target(),
                        task.reason(),
                        ("redrive=%s %s %s".formatted(job.id(), job.summary(), note)).strip());
            }
        } catch (RuntimeException failure) {
            log.warn(
                    "redrive {} ended, but its end could not be stored; another instance continues it when its lease expires",
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
