package dev.orderflow.localcloud.cloudwatch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localcloud.cloudwatch.MetricAlarm.MetricAlarmDefinition;
import dev.orderflow.localcloud.cloudwatch.MetricQueries.MetricQuery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class AlarmEvaluationTest {

    private static final MetricId ORDERS = new MetricId("Shop", "orders", Map.of());
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final MetricStore metrics = new MetricStore();

    /// The two tables of "Configuring how CloudWatch alarms treat missing data"
    /// (docs.aws.amazon.com/AmazonCloudWatch/…/alarms-and-missing-data.html): `0` is a datapoint
    /// within the threshold, `X` one beyond it, `-` none; the latest is at the right.
    @ParameterizedTest
    @CsvSource({
        // 3 of 3
        "3, 0 - X - X, OK, OK, OK, OK",
        "3, - - - - 0, OK, OK, OK, OK",
        "3, - - - - -, INSUFFICIENT_DATA, retain, ALARM, OK",
        "3, 0 X X - X, ALARM, ALARM, ALARM, ALARM",
        "3, - - X - -, ALARM, retain, ALARM, OK",
        // 2 of 3
        "2, 0 - X - X, ALARM, ALARM, ALARM, ALARM",
        "2, 0 0 X 0 X, ALARM, ALARM, ALARM, ALARM",
        "2, 0 - X - -, OK, OK, ALARM, OK",
        "2, - - - - 0, OK, OK, ALARM, OK",
        "2, - - - X -, ALARM, retain, ALARM, OK"
    })
    void missingDataIsTreatedAsConfigured(
            int datapointsToAlarm,
            String datapoints,
            String missing,
            String ignore,
            String breaching,
            String notBreaching) {
        var points = datapoints.split(" ");
        for (int i = 0; i < points.length; i++) {
            var at = NOW.minusSeconds(60L * (points.length - i));
            switch (points[i]) {
                case "0" -> put(1, at);
                case "X" -> put(100, at);
                default -> {}
            }
        }

        assertThat(evaluated(datapointsToAlarm, "missing")).isEqualTo(missing);
        assertThat(evaluated(datapointsToAlarm, "ignore")).isEqualTo(ignore);
        assertThat(evaluated(datapointsToAlarm, "breaching")).isEqualTo(breaching);
        assertThat(evaluated(datapointsToAlarm, "notBreaching")).isEqualTo(notBreaching);
    }

    /// ComparisonOperator of PutMetricAlarm
    /// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html): "the
    /// specified statistic value is used as the first operand".
    @ParameterizedTest
    @CsvSource({
        "GreaterThanThreshold, OK, OK, ALARM",
        "GreaterThanOrEqualToThreshold, OK, ALARM, ALARM",
        "LessThanThreshold, ALARM, OK, OK",
        "LessThanOrEqualToThreshold, ALARM, ALARM, OK"
    })
    void theStatisticIsComparedWithTheThreshold(
            String comparison, AlarmState below, AlarmState at, AlarmState above) {
        for (var expected : Map.of(9.0, below, 10.0, at, 11.0, above).entrySet()) {
            var store = new MetricStore();
            store.add(ORDERS, NOW.minusSeconds(60), sample -> sample.add(expected.getKey(), 1));
            assertThat(alarm("Maximum", 1, 1, comparison, "missing").evaluate(store, NOW))
                    .as("%s with %s", comparison, expected.getKey())
                    .contains(expected.getValue());
        }
    }

    /// Percentiles (docs.aws.amazon.com/AmazonCloudWatch/…/Statistics-definitions.html): "p90 is
    /// the 90th percentile and means that 90% of the data within the period is lower than this
    /// value".
    @ParameterizedTest
    @CsvSource({"p50, OK", "p90, OK", "p99, ALARM", "p100, ALARM", "Average, OK", "Sum, ALARM"})
    void aPercentileIsComputedFromTheSingleValues(String statistic, AlarmState expected) {
        for (int i = 1; i <= 98; i++) {
            put(1, NOW.minusSeconds(60));
        }
        put(400, NOW.minusSeconds(60));
        put(400, NOW.minusSeconds(60));

        assertThat(alarm(statistic, 1, 1, "GreaterThanThreshold", "missing").evaluate(metrics, NOW))
                .contains(expected);
    }

    /// PutMetricData: "values" and "counts" carry a distribution; a statistic set does not, so a
    /// percentile cannot be computed from it.
    @Test
    void aPercentileOfStatisticSetsIsMissing() {
        metrics.add(ORDERS, NOW.minusSeconds(60), sample -> sample.add(5, 500, 100, 100));

        assertThat(alarm("p99", 1, 1, "GreaterThanThreshold", "missing").evaluate(metrics, NOW))
                .contains(AlarmState.INSUFFICIENT_DATA);
        assertThat(alarm("Maximum", 1, 1, "GreaterThanThreshold", "missing").evaluate(metrics, NOW))
                .contains(AlarmState.ALARM);
    }

    @Test
    void theIncompletePeriodDoesNotCount() {
        put(100, NOW.plusSeconds(5));

        assertThat(
                        alarm("Maximum", 1, 1, "GreaterThanThreshold", "notBreaching")
                                .evaluate(metrics, NOW.plusSeconds(30)))
                .contains(AlarmState.OK);
        assertThat(
                        alarm("Maximum", 1, 1, "GreaterThanThreshold", "notBreaching")
                                .evaluate(metrics, NOW.plusSeconds(60)))
                .contains(AlarmState.ALARM);
    }

    /// Received messages are not visible and still in the dead-letter queue.
    @ParameterizedTest
    @CsvSource({"8, 0, ALARM", "0, 8, ALARM", "5, 3, ALARM", "0, 0, OK", "-, 8, OK", "8, -, OK"})
    void anAlarmOnASumCountsValuesThatMoveBetweenItsMetrics(
            String visible, String inFlight, AlarmState expected) {
        var queue = Map.of("QueueName", "a-dlq");
        var sources =
                List.of(
                        metric("m1", new MetricId("AWS/SQS", "Visible", queue), "Maximum", false),
                        metric(
                                "m2",
                                new MetricId("AWS/SQS", "NotVisible", queue),
                                "Maximum",
                                false));
        for (var sample :
                Map.of(sources.getFirst(), visible, sources.getLast(), inFlight).entrySet()) {
            if (!sample.getValue().equals("-")) {
                double value = Double.parseDouble(sample.getValue());
                metrics.add(
                        requireNonNull(sample.getKey().metric()),
                        NOW.minusSeconds(60),
                        it -> it.add(value, 1));
            }
        }
        var alarm =
                new MetricAlarmDefinition(
                        "a-dead-letters",
                        new MetricQueries(
                                List.of(
                                        sources.getFirst(),
                                        sources.getLast(),
                                        new MetricQuery(
                                                "sum", "m1 + m2", null, "", null, 0, null, true))),
                        60,
                        1,
                        1,
                        0,
                        "GreaterThanThreshold",
                        "notBreaching",
                        true,
                        List.of(),
                        List.of(),
                        List.of(),
                        JsonMapper.shared().createObjectNode());

        assertThat(alarm.evaluate(metrics, NOW)).contains(expected);
    }

    private void put(double value, Instant at) {
        metrics.add(ORDERS, at, sample -> sample.add(value, 1));
    }

    private String evaluated(int datapointsToAlarm, String treatMissingData) {
        return alarm("Maximum", 3, datapointsToAlarm, "GreaterThanThreshold", treatMissingData)
                .evaluate(metrics, NOW)
                .map(AlarmState::name)
                .orElse("retain");
    }

    private static MetricAlarmDefinition alarm(
            String statistic,
            int evaluationPeriods,
            int datapointsToAlarm,
            String comparison,
            String treatMissingData) {
        return new MetricAlarmDefinition(
                "an alarm",
                new MetricQueries(List.of(metric("", ORDERS, statistic, true))),
                60,
                evaluationPeriods,
                datapointsToAlarm,
                10,
                comparison,
                treatMissingData,
                true,
                List.of(),
                List.of(),
                List.of(),
                JsonMapper.shared().createObjectNode());
    }

    private static MetricQuery metric(
            String id, MetricId metric, String statistic, boolean returned) {
        return new MetricQuery(id, null, metric, statistic, null, 60, null, returned);
    }
}
