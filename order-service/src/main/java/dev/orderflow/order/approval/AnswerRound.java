package dev.orderflow.order.approval;

import dev.orderflow.order.outbox.EventStored;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/// Goes round the decisions that the workflow has not taken yet and tells it.
///
/// What to tell is read from the database alone, so it does not matter which instance decided and
/// whether it still lives.
@Component
class AnswerRound implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(AnswerRound.class);

    /// A decision stays with the instance that tells it for so long: longer than a call may take.
    private static final Duration OURS = Duration.ofSeconds(30);

    /// A call to the workflow ends before.
    private static final Duration STOP_WITHIN = Duration.ofSeconds(12);

    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    private final Approvals approvals;
    private final WaitingTask task;
    private final ApprovalProperties properties;
    private final Counter failures;
    private final Semaphore wakes = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile boolean isStopping;

    AnswerRound(
            Approvals approvals,
            WaitingTask task,
            ApprovalProperties properties,
            MeterRegistry meters) {
        this.approvals = approvals;
        this.task = task;
        this.properties = properties;
        this.failures =
                Counter.builder("approvals.answers.failed")
                        .description("decisions that could not be told to the workflow, each time")
                        .register(meters);
    }

    /// Goes round soon instead of at the next look.
    void soon() {
        wakes.release();
    }

    /// A customer who cancels ends the wait for a decision.
    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(EventStored stored) {
        if (stored.type().equals("OrderCancellationRequested")) {
            soon();
        }
    }

    /// Goes round once.
    void go() {
        for (var orderId : approvals.cancelledMeanwhile()) {
            approvals.decide(orderId, Decision.CANCEL, "customer", null);
        }
        for (var untold : approvals.untold(OURS)) {
            switch (task.tell(untold.token(), untold.decision())) {
                case WaitingTask.Reception.Taken _ -> approvals.told(untold, true);
                case WaitingTask.Reception.NobodyWaits _ -> {
                    log.warn("order {}: nobody waits for {}", untold.orderId(), untold.decision());
                    approvals.told(untold, false);
                }
                case WaitingTask.Reception.Unreachable(var reason) -> {
                    failures.increment();
                    var wait = waitAfter(untold.attempts());
                    log.warn(
                            "order {}: {} is told again in {}: {}",
                            untold.orderId(),
                            untold.decision(),
                            wait,
                            reason);
                    approvals.tellLater(untold, wait);
                }
            }
        }
    }

    private Duration waitAfter(int attempts) {
        var wait = FIRST_WAIT.multipliedBy(1L << Math.clamp(attempts - 1L, 0, 20));
        return wait.compareTo(properties.longestWait()) < 0 ? wait : properties.longestWait();
    }

    private void work() {
        try {
            while (!isStopping) {
                boolean isWoken =
                        wakes.tryAcquire(properties.lookEvery().toMillis(), TimeUnit.MILLISECONDS);
                if (isWoken) {
                    wakes.drainPermits();
                }
                if (!isStopping) {
                    goSafely();
                }
            }
        } catch (InterruptedException stopped) {
            log.info("the round was interrupted; decisions not told yet are told later");
        }
    }

    private void goSafely() {
        try {
            go();
        } catch (RuntimeException trouble) {
            log.warn("decisions wait to be told: {}", trouble.toString());
        }
    }

    @Override
    public void start() {
        isStopping = false;
        thread = Thread.ofVirtual().name("approval-answers").start(this::work);
    }

    @Override
    public void stop() {
        isStopping = true;
        wakes.release();
        var working = thread;
        if (working != null) {
            try {
                working.join(STOP_WITHIN);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /// Like the relay, it outlives the web server and the listeners.
    @Override
    public int getPhase() {
        return 0;
    }
}
