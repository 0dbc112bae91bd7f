package dev.orderflow.localcloud.cloudwatch;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// An alarm and how it stands.
///
/// @param configured when it was last put
record MetricAlarm(MetricAlarmDefinition definition, MetricAlarmStatus status, Instant configured) {

    /// How far back datapoints are looked for beyond the periods an alarm names.
    private static final int EARLIER_PERIODS = 2;

    /// What an alarm can be.
    enum MetricAlarmState {
        OK,
        ALARM,
        INSUFFICIENT_DATA
    }

    /// What somebody asked for. M of N: `datapointsToAlarm` of `evaluationPeriods`.
    ///
    /// @param queries of which one returns what is compared with the threshold
    /// @param described its members as `DescribeAlarms` returns them
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
            ObjectNode requestMembers) {

        String description() {
            return requestMembers.path("AlarmDescription").asString("");
        }

        private boolean breaches(double value) {
            return switch (comparison) {
                case "GreaterThanThreshold" -> value > threshold;
                case "GreaterThanOrEqualToThreshold" -> value >= threshold;
                case "LessThanThreshold" -> value < threshold;
                default -> value <= threshold;
            };
        }

        /// Looks at the complete periods before now, and at a few earlier ones for datapoints in
        /// place of missing ones, as CloudWatch does
        /// (docs.aws.amazon.com/AmazonCloudWatch/…/alarms-and-missing-data.html).
        ///
        /// @return empty when the state stays what it is
        Optional<MetricAlarmState> evaluate(MetricStore metrics, Instant now) {
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
                        yield Optional.of(MetricAlarmState.INSUFFICIENT_DATA);
                    }
                    yield Optional.of(
                            missing > 0 && nothingWithinTheThreshold
                                    ? MetricAlarmState.ALARM
                                    : stateOf(breaching));
                }
            };
        }

        /// The same with its actions switched on or off.
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

        private MetricAlarmState stateOf(int breaching) {
            return breaching >= datapointsToAlarm ? MetricAlarmState.ALARM : MetricAlarmState.OK;
        }

        List<String> actionsFor(MetricAlarmState state) {
            return switch (state) {
                case ALARM -> alarmActions;
                case OK -> okActions;
                case INSUFFICIENT_DATA -> insufficientDataActions;
            };
        }
    }

    /// @param reasonData JSON, empty without it
    /// @param since when it changed to this
    record MetricAlarmStatus(
            MetricAlarmState state, String reason, String reasonData, Instant since) {}
}
