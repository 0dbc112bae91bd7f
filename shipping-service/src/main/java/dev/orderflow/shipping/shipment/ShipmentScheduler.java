package dev.orderflow.shipping.shipment;

import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.shipping.domain.ShipmentUpdate;
import dev.orderflow.shipping.shipment.WorkflowCallbackClient.CallbackResult;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Processes shipments that no message is driving: sends heartbeats to their workflows, repeats
/// answers that were not accepted, and resumes what a crash or an outage interrupted.
///
/// Any number of instances may run it at once; each shipment is claimed in the database first.
public final class ShipmentScheduler {

    private static final Logger log = LoggerFactory.getLogger(ShipmentScheduler.class);
    private static final int BATCH_SIZE = 20;

    private final Shipments shipments;
    private final ShipmentService shipmentService;
    private final CarrierCircuitBreaker circuitBreaker;
    private final WorkflowCallbackClient workflow;
    private final OrderIncidents incidents;
    private final Duration heartbeatInterval;

    /// @param heartbeatInterval a fraction of the heartbeat time-out of the workflow's task, so
    ///     that a lost heartbeat does not end it
    public ShipmentScheduler(
            Shipments shipments,
            ShipmentService shipmentService,
            CarrierCircuitBreaker circuitBreaker,
            WorkflowCallbackClient workflow,
            OrderIncidents incidents,
            Duration heartbeatInterval) {
        this.shipments = shipments;
        this.shipmentService = shipmentService;
        this.circuitBreaker = circuitBreaker;
        this.workflow = workflow;
        this.incidents = incidents;
        this.heartbeatInterval = heartbeatInterval;
    }

    /// Sends a heartbeat for every shipment for which one is due.
    public void sendHeartbeats() {
        List<Shipments.Heartbeat> due;
        do {
            due = shipments.claimHeartbeats(BATCH_SIZE, heartbeatInterval);
            runConcurrently(due, this::sendHeartbeat);
        } while (due.size() == BATCH_SIZE);
    }

    private void sendHeartbeat(Shipments.Heartbeat heartbeat) {
        switch (workflow.sendHeartbeat(heartbeat.token())) {
            case CallbackResult.CallbackAccepted _ -> {}
            case CallbackResult.TaskTokenInvalid(var error) ->
                    shipments.apply(
                            heartbeat.orderId(),
                            new ShipmentUpdate.TaskTokenRejected(heartbeat.token(), error));
            case CallbackResult.WorkflowUnreachable(var reason) ->
                    log.warn(
                            "order {}: SendTaskHeartbeat failed ({}); retrying in {} s",
                            heartbeat.orderId(),
                            reason,
                            heartbeatInterval.toSeconds());
        }
    }

    /// Resumes every stalled shipment, as far as the carrier's circuit breaker permits.
    public void resumeStalled() {
        List<UUID> stalled;
        do {
            stalled =
                    switch (circuitBreaker.state()) {
                        case CLOSED -> shipments.claimStalled(BATCH_SIZE, true);
                        case HALF_OPEN -> shipments.claimStalled(1, true);
                        case OPEN -> shipments.claimStalled(BATCH_SIZE, false);
                    };
            runConcurrently(stalled, this::resumeShipment);
        } while (stalled.size() == BATCH_SIZE);
    }

    private void resumeShipment(UUID orderId) {
        incidents.record(
                orderId,
                OrderIncidentType.ATTEMPT_RESUMED,
                "scheduler",
                "No message was driving the shipment any more; the scheduler resumed it.");
        switch (shipmentService.proceed(orderId)) {
            case AttemptResult.AttemptCompleted _ ->
                    log.info("order {}: stalled shipment resumed and completed", orderId);
            case AttemptResult.AttemptDeferred(var reason) ->
                    log.info("order {}: shipment still stalled: {}", orderId, reason);
            case AttemptResult.AttemptRejected(var reason) ->
                    log.warn("order {}: shipment cannot be completed: {}", orderId, reason);
        }
    }

    /// Concurrently, because each task waits for the network. A task that fails does not stop the
    /// others.
    private static <T> void runConcurrently(List<T> claimed, Consumer<T> task) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var element : claimed) {
                var _ =
                        threads.submit(
                                () -> {
                                    try {
                                        task.accept(element);
                                    } catch (RuntimeException failed) {
                                        log.warn(
                                                "scheduled shipment task failed; it will be claimed again",
                                                RedactedException.of(failed));
                                    }
                                });
            }
        }
    }
}
