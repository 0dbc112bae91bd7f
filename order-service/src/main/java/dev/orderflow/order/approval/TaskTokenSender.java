package dev.orderflow.order.approval;

import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.defaults.scheduling.OrderBatch;
import dev.orderflow.order.outbox.EventStored;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/// Sends recorded decisions to the waiting workflows.
///
/// Unsent decisions are read from the database alone, so it does not matter which instance recorded
/// them and whether it still runs.
@Component
class TaskTokenSender implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(TaskTokenSender.class);

    /// How long an instance claims a decision; longer than a call to Step Functions may take, which
    /// is 20 s at most.
    private static final Duration CLAIM_DURATION = Duration.ofSeconds(30);

    /// How many decisions are sent before cancelled orders are looked for again.
    private static final int BATCH = 20;

    /// How long a stop waits; a call to Step Functions ends before.
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(12);

    private static final Duration INITIAL_BACKOFF = Duration.ofMillis(500);

    private final Approvals approvals;
    private final TaskTokenClient taskTokens;
    private final ApprovalProperties properties;
    private final OrderIncidents incidents;
    private final Counter failures;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile boolean isStopping;

    TaskTokenSender(
            Approvals approvals,
            TaskTokenClient taskTokens,
            ApprovalProperties properties,
            OrderIncidents incidents,
            MeterRegistry meters) {
        this.incidents = incidents;
        this.approvals = approvals;
        this.taskTokens = taskTokens;
        this.properties = properties;
        this.failures =
                Counter.builder("approvals.decisions.send.failed")
                        .description("failed attempts to send a decision to the workflow")
                        .register(meters);
    }

    /// Sends unsent decisions now instead of at the next poll.
    void wakeUp() {
        wakeUps.release();
    }

    /// A cancellation by the customer ends the wait for a decision.
    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void onEventStored(EventStored stored) {
        if (stored.type().equals("OrderCancellationRequested")) {
            wakeUp();
        }
    }

    /// Sends the unsent decisions that are due, and ends approvals that nobody decided in time.
    void sendPending() {
        OrderBatch.forEach(
                approvals.findUndecidedOfCancelledOrders(),
                Function.identity(),
                "ending the wait for the decision of a cancelled order",
                orderId ->
                        approvals.decide(orderId, ApprovalDecision.CANCEL, "customer", null, null));
        int sent = 0;
        while (sent < BATCH && !isStopping && sendNext()) {
            sent++;
        }
        approvals.completeUndecidedOfFinalOrders();
    }

    /// Claims and sends one decision. A claim of several would have to outlast the calls for all of
    /// them, and another instance could not send those that wait for their turn.
    ///
    /// @return false when none was due
    private boolean sendNext() {
        var unsent = approvals.claimUnsentDecision(CLAIM_DURATION);
        unsent.ifPresent(
                decision ->
                        OrderBatch.handle(
                                decision.orderId(),
                                "sending its decision to the workflow",
                                () -> {
                                    send(decision);
                                    return true;
                                }));
        return unsent.isPresent();
    }

    private void send(Approvals.UnsentDecision unsent) {
        switch (taskTokens.complete(unsent.token(), unsent.decision())) {
            case TaskTokenClient.TaskCompletionResult.TaskCompleted _ ->
                    approvals.markCompleted(unsent, Approvals.SendOutcome.COMPLETED);
            case TaskTokenClient.TaskCompletionResult.TaskTokenExpired(var isRepeated) ->
                    onExpiredToken(unsent, isRepeated || unsent.attempts() > 1);
            case TaskTokenClient.TaskCompletionResult.TaskServiceUnreachable(var reason) ->
                    postpone(unsent, reason);
        }
    }

    private void onExpiredToken(Approvals.UnsentDecision unsent, boolean mayHaveBeenTaken) {
        if (approvals.fallBackToEarlierToken(unsent, mayHaveBeenTaken)) {
            log.info(
                    "order {}: the task token of the latest request has expired or is unknown;"
                            + " sending decision {} with that of the request before",
                    unsent.orderId(),
                    unsent.decision());
        } else if (mayHaveBeenTaken) {
            log.info(
                    "order {}: the task had ended when decision {} was sent again, perhaps by an"
                            + " earlier attempt to send it",
                    unsent.orderId(),
                    unsent.decision());
            approvals.markCompleted(unsent, Approvals.SendOutcome.TASK_ENDED);
        } else {
            log.info(
                    "order {}: decision {} not delivered: the task token has expired or is unknown",
                    unsent.orderId(),
                    unsent.decision());
            approvals.markCompleted(unsent, Approvals.SendOutcome.TOKEN_EXPIRED);
        }
    }

    private void postpone(Approvals.UnsentDecision unsent, String reason) {
        failures.increment();
        incidents.record(
                unsent.orderId(),
                OrderIncidentType.CALL_FAILED,
                "Step Functions",
                "The decision %s could not be sent to the workflow (%s); it is sent again."
                        .formatted(unsent.decision(), reason));
        var wait = backoffAfter(unsent.attempts());
        log.warn(
                "order {}: sending decision {} failed, retrying in {}: {}",
                unsent.orderId(),
                unsent.decision(),
                wait,
                reason);
        approvals.postpone(unsent, wait);
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
        } catch (InterruptedException _) {
            log.info("sending approval decisions was interrupted; another instance sends them");
        }
    }

    private void sendPendingSafely() {
        try {
            sendPending();
        } catch (RuntimeException failure) {
            log.warn(
                    "approval decisions not sent, retrying at the next poll: {}",
                    FailureDescription.of(failure));
        }
    }

    @Override
    public void start() {
        isStopping = false;
        thread = Thread.ofVirtual().name("task-token-sender").start(this::run);
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

    /// Like the outbox relay, it stops after the web server and the listeners.
    @Override
    public int getPhase() {
        return 0;
    }
}
