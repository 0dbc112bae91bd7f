package dev.orderflow.localcloud.stepfunctions;

import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.time.CloudClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Publishes the status changes of executions as events and metrics, in order and without delaying
/// the executions.
///
/// The event of an execution that is encrypted with a customer managed key has no input, output,
/// error and cause (Step Functions Developer Guide, "Data at rest encryption").
final class ExecutionStatusPublisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ExecutionStatusPublisher.class);

    private final CloudClock clock;
    private final EventBusPort buses;
    private final MetricPort metrics;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("executions").factory());

    ExecutionStatusPublisher(CloudClock clock, EventBusPort buses, MetricPort metrics) {
        this.clock = clock;
        this.buses = buses;
        this.metrics = metrics;
    }

    /// Requires the lock, so that the published status is the current one.
    void publish(Execution execution, String metric) {
        Execution.ExecutionView view = execution.view();
        ObjectNode detail = StepFunctionsJson.object();
        detail.put("executionArn", execution.arn);
        detail.put("stateMachineArn", execution.machine.arn());
        detail.put("name", execution.name);
        detail.put("status", view.status().name());
        detail.put("startDate", execution.startedAt.toEpochMilli());
        detail.set("stopDate", millis(view.stoppedAt()));
        boolean withData = !execution.machine.hasCustomerKey();
        if (withData) {
            detail.put("input", execution.input);
            detail.put("output", view.output());
        }
        detail.put("stateMachineVersionArn", execution.qualified.versionArn());
        detail.put("stateMachineAliasArn", execution.qualified.aliasArn());
        detail.put("redriveCount", view.redriveCount());
        detail.set("redriveDate", millis(view.redrivenAt()));
        String reason = view.redriveObstacle(clock.instant());
        detail.put("redriveStatus", reason == null ? "REDRIVABLE" : "NOT_REDRIVABLE");
        detail.put("redriveStatusReason", reason);
        detail.putObject("inputDetails").put("included", withData);
        if (view.output() == null) {
            detail.putNull("outputDetails");
        } else {
            detail.putObject("outputDetails").put("included", withData);
        }
        if (withData) {
            detail.put("error", view.error());
            detail.put("cause", view.cause());
        }
        Instant stopped = view.stoppedAt();
        enqueue(
                () -> {
                    buses.publishServiceEvent(
                            "aws.states",
                            "Step Functions Execution Status Change",
                            List.of(execution.arn),
                            detail);
                    var dimensions = Map.of("StateMachineArn", execution.machine.arn());
                    metrics.record("AWS/States", metric, dimensions, 1);
                    if (stopped != null) {
                        metrics.record(
                                "AWS/States",
                                "ExecutionTime",
                                dimensions,
                                Duration.between(execution.startedAt, stopped).toMillis());
                    }
                });
    }

    private static JsonNode millis(@Nullable Instant instant) {
        return instant == null
                ? StepFunctionsJson.NODES.nullNode()
                : StepFunctionsJson.NODES.numberNode(instant.toEpochMilli());
    }

    /// Runs an action after those before it.
    void enqueue(Runnable work) {
        try {
            thread.execute(
                    () -> {
                        try {
                            work.run();
                        } catch (RuntimeException e) {
                            log.error("cannot publish the status event of an execution", e);
                        }
                    });
        } catch (RejectedExecutionException _) {
            log.debug("closing: the status event of an execution is not published");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
