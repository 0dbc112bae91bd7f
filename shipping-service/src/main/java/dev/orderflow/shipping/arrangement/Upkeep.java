package dev.orderflow.shipping.arrangement;

import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.shipping.arrangement.WaitingWorkflow.Reception;
import dev.orderflow.shipping.domain.Report;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after shipments that no message is driving: tells their workflows that they are alive,
/// repeats answers that were not taken, and goes on with what a crash or an outage left behind.
///
/// Any number of instances may do it at once; each shipment is claimed in the database first.
public final class Upkeep {

    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
    private static final int BATCH = 20;

    private final Shipments shipments;
    private final Arrangement arrangement;
    private final OutageGate gate;
    private final WaitingWorkflow workflow;
    private final Duration heartbeatEvery;

    /// @param heartbeatEvery a fraction of the workflow's patience, so that a lost beat does no
    ///     harm
    public Upkeep(
            Shipments shipments,
            Arrangement arrangement,
            OutageGate gate,
            WaitingWorkflow workflow,
            Duration heartbeatEvery) {
        this.shipments = shipments;
        this.arrangement = arrangement;
        this.gate = gate;
        this.workflow = workflow;
        this.heartbeatEvery = heartbeatEvery;
    }

    /// Gives a sign of life for every shipment whose turn it is.
    public void giveSignsOfLife() {
        List<Shipments.Pulse> due;
        do {
            due = shipments.claimHeartbeats(BATCH, heartbeatEvery);
            each(due, this::beat);
        } while (due.size() == BATCH);
    }

    private void beat(Shipments.Pulse pulse) {
        switch (workflow.stillWaiting(pulse.token())) {
            case Reception.Taken _ -> {}
            case Reception.NobodyWaits(var why) ->
                    shipments.tell(pulse.orderId(), new Report.NobodyWaits(pulse.token(), why));
            case Reception.Unreachable(var why) ->
                    log.warn("order {}: no sign of life given: {}", pulse.orderId(), why);
        }
    }

    /// Goes on with every shipment that was left behind, as far as the carrier's outage gate lets
    /// it.
    public void resume() {
        List<UUID> stalled;
        do {
            stalled =
                    switch (gate.traffic()) {
                        case FREE -> shipments.claimStalled(BATCH, true);
                        case ONE_PROBE -> shipments.claimStalled(1, true);
                        case BLOCKED -> shipments.claimStalled(BATCH, false);
                    };
            each(stalled, this::goOn);
        } while (stalled.size() == BATCH);
    }

    private void goOn(UUID orderId) {
        switch (arrangement.attempt(orderId)) {
            case Attempt.Settled _ -> log.info("order {}: settled after a stall", orderId);
            case Attempt.Later(var why) -> log.info("order {}: still stalled: {}", orderId, why);
            case Attempt.Stuck(var why) -> log.warn("order {}: stuck: {}", orderId, why);
        }
    }

    /// At the same time, because each waits for the network; one that fails does not stop the
    /// others.
    private static <T> void each(List<T> claimed, Consumer<T> work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : claimed) {
                var _ =
                        threads.submit(
                                () -> {
                                    try {
                                        work.accept(one);
                                    } catch (RuntimeException failed) {
                                        log.warn(
                                                "comes up again later",
                                                RedactedException.of(failed));
                                    }
                                });
            }
        }
    }
}
