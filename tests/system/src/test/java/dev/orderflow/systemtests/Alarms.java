package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.CompositeAlarm;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/// The alarms of a system, and the metrics that alarms and dashboards use.
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

    /// The file of the runbook that the description of an alarm names.
    String runbookOf(String alarm) {
        return runbook(get(alarm));
    }

    /// The files of the runbooks that the alarms of this system name.
    Set<String> runbooks() {
        return all().stream().map(Alarms::runbook).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String runbook(MetricAlarm alarm) {
        var description = alarm.alarmDescription();
        return description.substring(description.lastIndexOf('/') + 1);
    }

    CompositeAlarm composite(String name) {
        return cloudWatch
                .describeAlarms(
                        describe -> describe.alarmNames(name).alarmTypes(AlarmType.COMPOSITE_ALARM))
                .compositeAlarms()
                .getFirst();
    }

    /// The composite alarm that pages for an alarm without actions of its own.
    ///
    /// @throws java.util.NoSuchElementException if there is none, so that the alarm is not notified
    String pageOf(String alarm) {
        return cloudWatch
                .describeAlarmsPaginator(
                        describe ->
                                describe.alarmTypes(AlarmType.COMPOSITE_ALARM)
                                        .actionPrefix("arn:aws:sns:"))
                .compositeAlarms()
                .stream()
                .filter(page -> page.alarmRule().contains("ALARM(\"" + alarm + "\")"))
                .map(CompositeAlarm::alarmName)
                .findFirst()
                .orElseThrow();
    }

    void awaitComposite(String name, StateValue state) {
        await(name + " to be " + state).until(() -> composite(name).stateValue() == state);
    }

    /// Waits until the alarm is raised.
    void awaitAlarm(String name) {
        awaitState(name, StateValue.ALARM);
    }

    /// Waits until the alarm is OK.
    void awaitOk(String name) {
        awaitState(name, StateValue.OK);
    }

    private void awaitState(String name, StateValue state) {
        await(name + " to be " + state).until(() -> get(name).stateValue() == state);
    }

    /// Creates an alarm with the same definition on a metric of the same name in another namespace.
    /// The namespace has the name of the new alarm.
    void copy(String name, String copy) {
        var alarm = get(name);
        cloudWatch.putMetricAlarm(
                put ->
                        put.alarmName(copy)
                                .namespace(copy)
                                .metricName(alarm.metricName())
                                .statistic(alarm.statistic())
                                .period(alarm.period())
                                .threshold(alarm.threshold())
                                .comparisonOperator(alarm.comparisonOperator())
                                .evaluationPeriods(alarm.evaluationPeriods())
                                .datapointsToAlarm(alarm.datapointsToAlarm())
                                .treatMissingData(alarm.treatMissingData()));
    }

    void publish(String namespace, String metric, Map<String, String> dimensions, double value) {
        var all =
                dimensions.entrySet().stream()
                        .map(
                                each ->
                                        Dimension.builder()
                                                .name(each.getKey())
                                                .value(each.getValue())
                                                .build())
                        .toList();
        cloudWatch.putMetricData(
                put ->
                        put.namespace(namespace)
                                .metricData(
                                        datum ->
                                                datum.metricName(metric)
                                                        .dimensions(all)
                                                        .value(value)));
    }

    /// Every published metric, by [#name].
    Set<String> published() {
        return cloudWatch.listMetricsPaginator().metrics().stream()
                .map(Alarms::name)
                .collect(Collectors.toSet());
    }

    /// The metrics of an alarm: one, or those that its expression adds up.
    static List<Metric> metricsOf(MetricAlarm alarm) {
        return alarm.hasMetrics()
                ? alarm.metrics().stream()
                        .filter(query -> query.metricStat() != null)
                        .map(query -> query.metricStat().metric())
                        .toList()
                : List.of(
                        Metric.builder()
                                .namespace(alarm.namespace())
                                .metricName(alarm.metricName())
                                .dimensions(alarm.dimensions())
                                .build());
    }

    /// A metric with its dimensions as a text that can be compared.
    static String name(Metric metric) {
        return name(
                metric.namespace(),
                metric.metricName(),
                metric.dimensions().stream()
                        .collect(Collectors.toMap(Dimension::name, Dimension::value)));
    }

    /// Same as above.
    static String name(String namespace, String metric, Map<String, String> dimensions) {
        return namespace + " " + metric + " " + new TreeMap<>(dimensions);
    }

    /// The CloudWatch client, for calls that only one test needs.
    CloudWatchClient client() {
        return cloudWatch;
    }
}
