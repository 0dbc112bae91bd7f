package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import java.util.List;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// The alarms of a system.
final class Alarms {

    private final CloudWatchClient cloudWatch;

    Alarms(RunningSystem system) {
        cloudWatch = system.client(CloudWatchClient.builder());
    }

    List<MetricAlarm> all() {
        return cloudWatch.describeAlarmsPaginator().metricAlarms().stream().toList();
    }

    MetricAlarm get(String name) {
        return cloudWatch
                .describeAlarms(describe -> describe.alarmNames(name))
                .metricAlarms()
                .getFirst();
    }

    /// Waits until it goes off.
    void awaitAlarm(String name) {
        awaitState(name, StateValue.ALARM);
    }

    /// Waits until all is well.
    void awaitOk(String name) {
        awaitState(name, StateValue.OK);
    }

    private void awaitState(String name, StateValue state) {
        await(name + " to be " + state).until(() -> get(name).stateValue() == state);
    }

    /// The client, for what only one test needs.
    CloudWatchClient client() {
        return cloudWatch;
    }
}
