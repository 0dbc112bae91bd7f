package dev.orderflow.localcloud.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.DashboardInvalidInputErrorException;
import software.amazon.awssdk.services.cloudwatch.model.DashboardNotFoundErrorException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

class CloudWatchConformanceTest {

    private final CloudWatchClient cloudWatch = CloudUnderTest.client(CloudWatchClient.builder());
    private final String namespace = CloudUnderTest.unique("shop");

    /// docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
    @Test
    void samplesAreReturnedAsStatistics() {
        var minute = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        for (double value : new double[] {1, 2, 6}) {
            put(value, minute);
        }
        var points =
                cloudWatch
                        .getMetricStatistics(
                                get ->
                                        get.namespace(namespace)
                                                .metricName("orders")
                                                .period(60)
                                                .startTime(minute)
                                                .endTime(minute.plusSeconds(60))
                                                .statistics(
                                                        Statistic.SUM,
                                                        Statistic.AVERAGE,
                                                        Statistic.MAXIMUM,
                                                        Statistic.SAMPLE_COUNT))
                        .datapoints();
        assertThat(points)
                .singleElement()
                .satisfies(
                        point -> {
                            assertThat(point.timestamp()).isEqualTo(minute);
                            assertThat(point.sum()).isEqualTo(9.0);
                            assertThat(point.average()).isEqualTo(3.0);
                            assertThat(point.maximum()).isEqualTo(6.0);
                            assertThat(point.sampleCount()).isEqualTo(3.0);
                        });
    }

    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html: up
    /// to 1,000 data in a call, which the SDK then compresses.
    @Test
    void aThousandSamplesInOneCompressedCallAllArrive() {
        var minute = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        var datum = MetricDatum.builder().metricName("orders").value(1.0).timestamp(minute).build();
        cloudWatch.putMetricData(
                all -> all.namespace(namespace).metricData(Collections.nCopies(1_000, datum)));
        var found =
                cloudWatch.getMetricData(
                        get ->
                                get.startTime(minute)
                                        .endTime(minute.plusSeconds(60))
                                        .metricDataQueries(
                                                query ->
                                                        query.id("m1")
                                                                .metricStat(
                                                                        stat ->
                                                                                stat.stat("Sum")
                                                                                        .period(60)
                                                                                        .metric(
                                                                                                m ->
                                                                                                        m.namespace(
                                                                                                                        namespace)
                                                                                                                .metricName(
                                                                                                                        "orders")))));
        assertThat(found.metricDataResults().getFirst().values()).containsExactly(1_000.0);
    }

    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html and
    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
    @Test
    void anAlarmStartsWithInsufficientDataAndItsStateCanBeSet() {
        var name = CloudUnderTest.unique("alarm");
        cloudWatch.putMetricAlarm(
                alarm ->
                        alarm.alarmName(name)
                                .namespace(namespace)
                                .metricName("orders")
                                .statistic(Statistic.SUM)
                                .period(3600)
                                .evaluationPeriods(2)
                                .threshold(1.0)
                                .treatMissingData("ignore")
                                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD));
        assertThat(state(name)).isEqualTo(StateValue.INSUFFICIENT_DATA);
        cloudWatch.setAlarmState(
                set -> set.alarmName(name).stateValue(StateValue.ALARM).stateReason("a drill"));
        assertThat(state(name)).isEqualTo(StateValue.ALARM);
        cloudWatch.deleteAlarms(delete -> delete.alarmNames(name));
        assertThat(cloudWatch.describeAlarms(of -> of.alarmNames(name)).metricAlarms()).isEmpty();
    }

    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html:
    /// an alarm watches a math expression over metrics that are named beside it.
    @Test
    void anAlarmOnASumOfMetricsIsReturnedAsGiven() {
        var name = CloudUnderTest.unique("alarm");
        var queries =
                List.of(
                        query("m1", "visible"),
                        query("m2", "hidden"),
                        MetricDataQuery.builder()
                                .id("sum")
                                .expression("m1 + m2")
                                .label("all")
                                .returnData(true)
                                .build());
        cloudWatch.putMetricAlarm(put -> sum(put, name).metrics(queries));
        var alarm = cloudWatch.describeAlarms(of -> of.alarmNames(name)).metricAlarms().getFirst();
        assertThat(alarm.metrics()).isEqualTo(queries);
        assertThat(alarm.metricName()).isNull();
        assertThat(alarm.period()).isNull();
        cloudWatch.deleteAlarms(delete -> delete.alarmNames(name));
    }

    @Test
    void anAlarmOnBothASumAndAMetricIsRejected() {
        assertThatThrownBy(
                        () ->
                                cloudWatch.putMetricAlarm(
                                        put ->
                                                sum(put, "both")
                                                        .metrics(query("m1", "visible"))
                                                        .metricName("visible")
                                                        .namespace(namespace)))
                .isInstanceOfSatisfying(
                        CloudWatchException.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(400));
    }

    private PutMetricAlarmRequest.Builder sum(PutMetricAlarmRequest.Builder put, String name) {
        return put.alarmName(name)
                .evaluationPeriods(1)
                .threshold(0.0)
                .treatMissingData("notBreaching")
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD);
    }

    private MetricDataQuery query(String id, String metric) {
        return MetricDataQuery.builder()
                .id(id)
                .metricStat(
                        stat ->
                                stat.stat("Maximum")
                                        .period(60)
                                        .metric(
                                                of ->
                                                        of.namespace(namespace)
                                                                .metricName(metric)
                                                                .dimensions(
                                                                        dimension ->
                                                                                dimension
                                                                                        .name(
                                                                                                "QueueName")
                                                                                        .value(
                                                                                                "a"))))
                .returnData(false)
                .build();
    }

    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html: the
    /// timestamp may be two weeks old and two hours ahead.
    @Test
    void aSampleFromTheFarFutureIsRejected() {
        assertThatThrownBy(() -> put(1, Instant.now().plus(3, ChronoUnit.HOURS)))
                .isInstanceOfSatisfying(
                        CloudWatchException.class,
                        refused -> assertThat(refused.statusCode()).isEqualTo(400));
    }

    private StateValue state(String alarm) {
        return cloudWatch
                .describeAlarms(of -> of.alarmNames(alarm))
                .metricAlarms()
                .getFirst()
                .stateValue();
    }

    /// docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
    @Test
    void aDashboardIsReturnedAsGivenUntilItIsDeleted() {
        var name = CloudUnderTest.unique("shop");
        var body = "{\"widgets\":[]}";
        cloudWatch.putDashboard(put -> put.dashboardName(name).dashboardBody(body));
        assertThat(cloudWatch.getDashboard(get -> get.dashboardName(name)).dashboardBody())
                .isEqualTo(body);
        assertThat(
                        cloudWatch
                                .listDashboards(list -> list.dashboardNamePrefix(name))
                                .dashboardEntries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.dashboardName()).isEqualTo(name));
        cloudWatch.deleteDashboards(delete -> delete.dashboardNames(name));
        assertThatThrownBy(() -> cloudWatch.getDashboard(get -> get.dashboardName(name)))
                .isInstanceOf(DashboardNotFoundErrorException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"no spaces|{\"widgets\":[]}", "shop|{}", "shop|widgets", "shop|[]"})
    void anInvalidDashboardIsRejected(String name, String body) {
        assertThatThrownBy(
                        () ->
                                cloudWatch.putDashboard(
                                        put -> put.dashboardName(name).dashboardBody(body)))
                .isInstanceOf(DashboardInvalidInputErrorException.class);
    }

    private void put(double value, Instant at) {
        cloudWatch.putMetricData(
                data ->
                        data.namespace(namespace)
                                .metricData(
                                        datum ->
                                                datum.metricName("orders")
                                                        .value(value)
                                                        .timestamp(at)));
    }
}
