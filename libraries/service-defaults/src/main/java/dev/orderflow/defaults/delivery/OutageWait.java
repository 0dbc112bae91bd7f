package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.retry.RetryBackOff;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Received messages that wait for a dependency of their handler.
///
/// They wait in this instance, because a message that returns to its queue loses a receive when it
/// is received again.
final class OutageWait implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutageWait.class);

    /// After this many failed attempts while other messages were handled, the failure is not an
    /// outage.
    private static final int MAX_ATTEMPTS_WHILE_OTHERS_SUCCEED = 3;

    /// How long messages wait.
    ///
    /// @param first half of it is the fixed part of each pause
    /// @param pauses the random part of each pause, which is added
    /// @param longest how long messages wait in total
    record OutageWaitLimits(Duration first, RetryBackOff pauses, Duration longest) {

        static OutageWaitLimits of(DeliveryProperties.OutageProperties outage) {
            return new OutageWaitLimits(
                    outage.probeInterval(),
                    RetryBackOff.doublingWithFullJitter(
                            outage.probeInterval(), outage.maxProbeInterval()),
                    outage.maxWait());
        }
    }

    /// What to do with the messages.
    enum OutageWaitResult {
        /// Retry.
        RETRY,
        /// This instance shuts down: another one may handle them.
        STOPPING,
        /// The wait took too long, or other messages do not have this outage.
        GIVE_UP
    }

    private final QueueGate gate;
    private final OutageWaitLimits limits;
    private final List<? extends MessageHandle> messages;
    private final DeliveryIncidents incidents;
    private final long startedAt = System.nanoTime();
    private HandlingResult.@Nullable DependencyUnavailable firstCause;
    private Instant waitingSince = Instant.MAX;
    private int attempts;
    private int attemptsWhileOthersSucceed;
    private long openCount;

    OutageWait(
            QueueGate gate,
            OutageWaitLimits limits,
            List<? extends MessageHandle> messages,
            DeliveryIncidents incidents) {
        this.gate = gate;
        this.limits = limits;
        this.messages = messages;
        this.incidents = incidents;
    }

    /// Waits until another attempt is worthwhile.
    OutageWaitResult awaitRetry(HandlingResult.DependencyUnavailable cause) {
        if (firstCause == null) {
            firstCause = cause;
            waitingSince = Instant.now();
            gate.addWaiting(messages.size());
            messages.forEach(
                    message ->
                            log.info(
                                    "{} waits in this instance: {} is unavailable: {}",
                                    message.message(),
                                    cause.dependency(),
                                    cause.reason()));
        } else if (gate.openCount() != openCount) {
            attemptsWhileOthersSucceed++;
        }
        gate.close(cause);
        openCount = gate.openCount();
        if (attemptsWhileOthersSucceed >= MAX_ATTEMPTS_WHILE_OTHERS_SUCCEED
                || System.nanoTime() - startedAt > limits.longest().toNanos()) {
            return OutageWaitResult.GIVE_UP;
        }
        attempts++;
        var pause = limits.first().dividedBy(2).plus(limits.pauses().delayAfter(attempts));
        try {
            messages.forEach(message -> message.extendVisibility(pause));
        } catch (RuntimeException failed) {
            log.info(
                    "visibility time-out of {} waiting messages could not be extended: {}",
                    messages.size(),
                    FailureDescription.of(failed));
            return OutageWaitResult.GIVE_UP;
        }
        return gate.await(pause, openCount) ? OutageWaitResult.RETRY : OutageWaitResult.STOPPING;
    }

    /// Ends the wait, whatever happened to the messages.
    @Override
    public void close() {
        var cause = firstCause;
        if (cause != null) {
            gate.removeWaiting(messages.size());
            messages.forEach(
                    message -> incidents.recordWait(message.message(), cause, waitingSince));
        }
    }
}
