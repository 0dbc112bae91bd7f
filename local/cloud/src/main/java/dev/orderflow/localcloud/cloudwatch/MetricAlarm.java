package dev.orderflow.localcloud.cloudwatch;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// A metric alarm and its status.
///
/// @param configured time of the last update
record MetricAlarm(MetricAlarmDefinition definition, AlarmStatus status, Instant configured)
        implements Alarm {

    static final String TYPE = "MetricAlarm";

    /// How many periods beyond the evaluation periods are searched for datapoints.
    private static final int EARLIER_PERIODS = 2;

    /// The configuration of an alarm. M of N: `datapointsToAlarm` of `evaluationPeriods`.
    ///
    /// @param queries queries; one of them returns the series that is compared with the threshold
    /// @param requestMembers members as `DescribeAlarms` returns them
    record MetricAlarmDefinition(
            String name,
            MetricQueries queries,
            int periodSeconds,
            int evaluationPeriods,
            int datapointsToAlarm,
            double threshold,
            String comparison,
            String treatMissingData,
            boolean actionsEnabled,
            List<String> alarmActions,
            List<String> okActions,
            List<String> insufficientDataActions,
            ObjectNode requestMembers)
            implements AlarmDefinition {

        private boolean breaches(double value) {
            return switch (comparison) {
                case "GreaterThanThreshold" -> value > threshold;
                case "GreaterThanOrEqualToThreshold" -> value >= threshold;
                case "LessThanThreshold" -> value < threshold;
                default -> value <= threshold;
            };
        }

        /// Evaluates the complete periods before `now`, and a few earlier ones that replace missing
        /// datapoints, as CloudWatch does
        /// (docs.aws.amazon.com/AmazonCloudWatch/…/alarms-and-missing-data.html).
        ///
        /// @return the new state, empty if the state does not change
        Optional<AlarmState> evaluate(MetricStore metrics, Instant now) {
            long end = Math.floorDiv(now.getEpochSecond(), periodSeconds) * (long) periodSeconds;
            long start = end - (long) (evaluationPeriods + EARLIER_PERIODS) * periodSeconds;
            NavigableMap<Long, Double> points =
                    queries.evaluate(metrics, start, end).stream()
                            .findFirst()
                            .map(MetricQueries.MetricQueryResult::points)
                            .orElseGet(TreeMap::new);
            int known = 0;
            int breaching = 0;
            for (var value : points.subMap(start, true, end, false).descendingMap().values()) {
                if (known < evaluationPeriods) {
                    known++;
                    breaching += breaches(value) ? 1 : 0;
                }
            }
            int missing = evaluationPeriods - known;
            boolean nothingWithinTheThreshold = known == breaching;
            return switch (treatMissingData) {
                case "breaching" -> Optional.of(stateOf(breaching + missing));
                case "notBreaching" -> Optional.of(stateOf(breaching));
                case "ignore" ->
                        missing > 0 && nothingWithinTheThreshold && breaching < datapointsToAlarm
                                ? Optional.empty()
                                : Optional.of(stateOf(breaching));
                default -> {
                    if (known == 0) {
                        yield Optional.of(AlarmState.INSUFFICIENT_DATA);
                    }
                    yield Optional.of(
                            missing > 0 && nothingWithinTheThreshold
                                    ? AlarmState.ALARM
                                    : stateOf(breaching));
                }
            };
        }

        /// Returns this definition with actions enabled or disabled.
        MetricAlarmDefinition withActions(boolean enabled) {
            return new MetricAlarmDefinition(
                    name,
                    queries,
                    periodSeconds,
                    evaluationPeriods,
                    datapointsToAlarm,
                    threshold,
                    comparison,
                    treatMissingData,
                    enabled,
                    alarmActions,
                    okActions,
                    insufficientDataActions,
                    requestMembers.deepCopy().put("ActionsEnabled", enabled));
        }

        private AlarmState stateOf(int breaching) {
            return breaching >= datapointsToAlarm ? AlarmState.ALARM : AlarmState.OK;
        }
    }

    @Override
    public MetricAlarm withStatus(AlarmStatus changed) {
        return new MetricAlarm(definition, changed, configured);
    }

    @Override
    public MetricAlarm withActions(boolean enabled, Instant now) {
        return new MetricAlarm(definition.withActions(enabled), status, now);
    }

    @Override
    public String type() {
        return TYPE;
    }
}
