package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.retry.RetryBackOff;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Messages that were received and wait for something their handler needs.
///
/// They stay with this instance: what goes back to the queue loses a receive when it comes again.
final class OutageWait implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OutageWait.class);

    /// After so many attempts that failed while others were handled, it is not an outage.
    private static final int MOST_ALONE = 3;

    /// How long to wait.
    ///
    /// @param first the first pause
    /// @param pauses what is added to it
    /// @param longest when it ends, whatever the outage does
    record OutageWaitLimits(Duration first, RetryBackOff pauses, Duration longest) {

        static OutageWaitLimits of(DeliveryProperties.OutageProperties outage) {
            return new OutageWaitLimits(
                    outage.probeInterval(),
                    RetryBackOff.doublingWithFullJitter(
                            outage.probeInterval(), outage.maxProbeInterval()),
                    outage.maxWait());
        }
    }

    /// What to do next.
    enum OutageWaitResult {
        /// Try again.
        RETRY,
        /// This instance stops: another one may take over.
        STOPPING,
        /// It takes too long, or others do not have this outage.
        GIVE_UP
    }

    private final QueueGate gate;
    private final OutageWaitLimits limits;
    private final List<? extends MessageHandle> messages;
    private final long began = System.nanoTime();
    private boolean isHeld;
    private int attempts;
    private int alone;
    private long openings;

    OutageWait(QueueGate gate, OutageWaitLimits limits, List<? extends MessageHandle> messages) {
        this.gate = gate;
        this.limits = limits;
        this.messages = messages;
    }

    /// Waits until it is worth another attempt.
    OutageWaitResult awaitRetry(HandlingResult.DependencyUnavailable cause) {
        if (!isHeld) {
            isHeld = true;
            gate.addWaiting(messages.size());
            messages.forEach(
                    message ->
                            log.info(
                                    "{} is held, {} is unavailable: {}",
                                    message.message(),
                                    cause.dependency(),
                                    cause.reason()));
        } else if (gate.openCount() != openings) {
            alone++;
        }
        gate.close(cause);
        openings = gate.openCount();
        if (alone >= MOST_ALONE || System.nanoTime() - began > limits.longest().toNanos()) {
            return OutageWaitResult.GIVE_UP;
        }
        attempts++;
        var pause = limits.first().dividedBy(2).plus(limits.pauses().delayAfter(attempts));
        try {
            messages.forEach(message -> message.extendVisibility(pause));
        } catch (RuntimeException cannotBeKept) {
            log.info(
                    "{} messages cannot be kept: {}",
                    messages.size(),
                    FailureSummary.of(cannotBeKept));
            return OutageWaitResult.GIVE_UP;
        }
        return gate.await(pause, openings) ? OutageWaitResult.RETRY : OutageWaitResult.STOPPING;
    }

    /// The messages are finished, one way or another.
    @Override
    public void close() {
        if (isHeld) {
            gate.removeWaiting(messages.size());
        }
    }
}
