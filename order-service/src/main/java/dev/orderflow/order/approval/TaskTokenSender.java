package dev.orderflow.order.approval;

import dev.orderflow.defaults.retry.RetryBackOff;
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
class TaskTokenSender implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TaskTokenSender.class);

    /// A decision stays with the instance that tells it for so long: longer than a call may take.
    private static final Duration CLAIM_DURATION = Duration.ofSeconds(30);

    /// A call to the workflow ends before.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(12);

    private static final Duration INITIAL_BACKOFF = Duration.ofMillis(500);

    private final Approvals approvals;
    private final TaskTokenClient taskTokens;
    private final ApprovalProperties properties;
    private final Counter failures;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile boolean isStopping;

    TaskTokenSender(
            Approvals approvals,
            TaskTokenClient task,
            ApprovalProperties properties,
            MeterRegistry meters) {
        this.approvals = approvals;
        this.taskTokens = task;
        this.properties = properties;
        this.failures =
                Counter.builder("approvals.answers.failed")
                        .description("decisions that could not be told to the workflow, each time")
                        .register(meters);
    }

    /// Goes round soon instead of at the next look.
    void wakeUp() {
        wakeUps.release();
    }

    /// A customer who cancels ends the wait for a decision.
    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void onEventStored(EventStored stored) {
        if (stored.type().equals("OrderCancellationRequested")) {
            wakeUp();
        }
    }

    /// Goes round once.
    void sendPending() {
        for (var orderId : approvals.findUndecidedOfCancelledOrders()) {
            approvals.decide(orderId, ApprovalDecision.CANCEL, "customer", null);
        }
        for (var untold : approvals.claimUnsentDecisions(CLAIM_DURATION)) {
            switch (taskTokens.complete(untold.token(), untold.decision())) {
                case TaskTokenClient.TaskCompletionResult.TaskCompleted _ ->
                        approvals.markCompleted(untold, true);
                case TaskTokenClient.TaskCompletionResult.TaskTokenExpired _ -> {
                    log.warn("order {}: nobody waits for {}", untold.orderId(), untold.decision());
                    approvals.markCompleted(untold, false);
                }
                case TaskTokenClient.TaskCompletionResult.TaskServiceUnreachable(var reason) -> {
                    failures.increment();
                    var wait = backoffAfter(untold.attempts());
                    log.warn(
                            "order {}: {} is told again in {}: {}",
                            untold.orderId(),
                            untold.decision(),
                            wait,
                            reason);
                    approvals.postpone(untold, wait);
                }
            }
        }
    }

    private Duration backoffAfter(int attempts) {
        return RetryBackOff.doubling(INITIAL_BACKOFF, properties.maxBackoff()).delayAfter(attempts);
    }

    private void run() {
        try {
            while (!isStopping) {
                boolean isWoken =
                        wakeUps.tryAcquire(
                                properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
                if (isWoken) {
                    wakeUps.drainPermits();
                }
                if (!isStopping) {
                    sendPendingSafely();
                }
            }
        } catch (InterruptedException stopped) {
            log.info("the round was interrupted; decisions not told yet are told later");
        }
    }

    private void sendPendingSafely() {
        try {
            sendPending();
        } catch (RuntimeException trouble) {
            log.warn("decisions wait to be told: {}", trouble.toString());
        }
    }

    @Override
    public void start() {
        isStopping = false;
        thread = Thread.ofVirtual().name("approval-answers").start(this::run);
    }

    @Override
    public void stop() {
        isStopping = true;
        wakeUps.release();
        var working = thread;
        if (working != null) {
            try {
                working.join(STOP_TIMEOUT);
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
