package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;

/// Alarms of the workflow and its connection.
@ResourceLock(RunningSystem.HURRIED)
abstract class WorkflowAlarms extends AlarmScenarios {

    private static final String CONNECTION = "orderflow-internal-api";

    @Test
    void aDeauthorizedConnectionRaisesItsAlarm() {
        deauthorizeConnection();
        var runbook = raised("workflow-connection").with("stage", "live");
        runbook.look();
        runbook.run("aws events describe-connection");
        runbook.run("aws vpc-lattice list-resource-configurations");
        runbook.run("cd deploy && npx cdk deploy");
        authorizeConnection();
        returns("workflow-connection");
    }

    static void deauthorizeConnection() {
        try (var events = system.client(EventBridgeClient.builder())) {
            events.deauthorizeConnection(it -> it.name(CONNECTION));
        }
    }

    /// Gives the connection its key again, with the command that the runbook links. Running
    /// workflows retry their calls meanwhile.
    static void authorizeConnection() {
        runbooks.linked("deploy/README.md")
                .given("KEY", system.internalApiKey())
                .run("aws events update-connection");
        if (!Shell.isAwsCliInstalled()) {
            try (var events = system.client(EventBridgeClient.builder())) {
                events.updateConnection(
                        it ->
                                it.name(CONNECTION)
                                        .authorizationType(ConnectionAuthorizationType.API_KEY)
                                        .authParameters(
                                                auth ->
                                                        auth.apiKeyAuthParameters(
                                                                key ->
                                                                        key.apiKeyName("X-Api-Key")
                                                                                .apiKeyValue(
                                                                                        system
                                                                                                .internalApiKey()))));
            }
        }
    }

    /// The gateway refuses a capture. The alarm on failed executions lasts for a moment; the one on
    /// the work item until the order is final.
    @Test
    void aFailedWorkflowIsRedriven() {
        var order = withRefusedCapture();
        raised("workflow-failed");
        var runbook =
                forOrder(lasting("work-items-workflow-failed"), order)
                        .with("group", failedGroup(order));
        runbook.look();
        runbook.run("./orderflow workflows redrive --group <group> --dry-run");
        runbook.run("./orderflow workflows redrive --group <group> --canary");
        shop.awaitState(order, "SHIPPED");
        returns("workflow-failed", "work-items-workflow-failed");
    }

    /// No workflow runs for the year after which Step Functions times it out. Therefore the state
    /// machine temporarily has a definition that waits, and one with a short time-out.
    @Test
    void timedOutAndStoppedWorkflowsRaiseTheirAlarms() {
        var stopped = "stopped-" + UUID.randomUUID();
        workflows.meanwhile(
                waitingFor(86_400),
                () -> {
                    workflows.start(stopped, "{}");
                    workflows.stop(stopped);
                });
        dismiss("workflow-aborted", stopped);

        var slow = "slow-" + UUID.randomUUID();
        workflows.meanwhile(
                waitingFor(60),
                () -> {
                    workflows.start(slow, "{}");
                    workflows.ended(slow);
                });
        dismiss("workflow-timed-out", slow);
        returns("workflow-aborted", "workflow-timed-out");
    }

    private static void dismiss(String alarm, String execution) {
        raised(alarm).with("execution-of-no-order", execution).run("./orderflow workflows dismiss");
    }

    private static String waitingFor(int seconds) {
        return """
               {"StartAt":"Wait","TimeoutSeconds":%d,
                "States":{"Wait":{"Type":"Wait","Seconds":172800,"End":true}}}
               """
                .formatted(seconds);
    }

    /// The rule that starts workflows is disabled while the order is placed. Its workflow is
    /// started by an operator, because order-service waits for five minutes before it looks for
    /// one.
    @Test
    void anOrderWhoseEventWasLost() {
        try (var events = system.client(EventBridgeClient.builder())) {
            events.disableRule(it -> it.name("start-fulfilment").eventBusName(BUS));
            String order;
            try {
                order = shop.order(shop.stocked("20.00", 5), 1, ShopClient.VISA);
                await().until(() -> facts(order) > 0);
            } finally {
                events.enableRule(it -> it.name("start-fulfilment").eventBusName(BUS));
            }
            forOrder(runbooks.named("stuck-orders.md"), order)
                    .with("order-without-workflow", order)
                    .look();
            raised("orders-workflows-started-late");
            shop.awaitState(order, "SHIPPED");
        }
        returns("orders-workflows-started-late");
    }

    private static int facts(String order) {
        return shop.internal("GET", system.analytics(), "/internal/facts/" + order, null)
                .path("facts")
                .size();
    }

    /// local-cloud does not throttle, and only AWS publishes the metric. Therefore an alarm with
    /// the same definition uses a metric of this test, which gets the datapoints that AWS would
    /// publish. The state of the real alarm is set by hand, and returns to OK by its evaluation.
    @Test
    void throttlingRaisesItsAlarms() {
        var drill = "throttling-drill-" + UUID.randomUUID();
        alarms.copy("workflow-throttled", drill);
        try {
            alarms.awaitOk(drill);
            await().atMost(AlarmSubscriber.TIMEOUT)
                    .until(
                            () -> {
                                alarms.publish(drill, "ExecutionThrottled", Map.of(), 1);
                                return alarms.get(drill).stateValue() == StateValue.ALARM;
                            });
            alarms.awaitOk(drill);
        } finally {
            alarms.client().deleteAlarms(delete -> delete.alarmNames(drill));
        }
        alarms.client()
                .setAlarmState(
                        set ->
                                set.alarmName("workflow-throttled")
                                        .stateValue(StateValue.ALARM)
                                        .stateReason("as a drill"));
        raised("workflow-throttled").look();
        returns("workflow-throttled");
    }
}
