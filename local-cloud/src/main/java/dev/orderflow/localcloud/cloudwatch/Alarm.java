package dev.orderflow.localcloud.cloudwatch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An alarm and how it stands.
record Alarm(Definition definition, Standing standing) {

    /// How far back datapoints are looked for beyond the periods an alarm names.
    private static final int EARLIER_PERIODS = 2;

    /// What an alarm can be.
    enum State {
        OK,
        ALARM,
        INSUFFICIENT_DATA
    }

    /// A statistic of a metric.
    ///
    /// @param id by which metric math names it; empty where the alarm is on one metric alone
    record Source(String id, MetricId metric, String statistic) {}

    /// The metric math of an alarm: `id = expression`, a sum of its sources.
    record Sum(String id, String expression, String label) {}

    /// What somebody asked for. M of N: `datapointsToAlarm` of `evaluationPeriods`.
    ///
    /// @param sources what is added up and compared with the threshold
    /// @param sum the expression that adds them up, nothing where there is one metric alone
    record Definition(
            String name,
            String description,
            List<Source> sources,
            @Nullable Sum sum,
            int periodSeconds,
            int evaluationPeriods,
            int datapointsToAlarm,
            double threshold,
            String comparison,
            String treatMissingData,
            boolean actionsEnabled,
            List<String> alarmActions,
            List<String> okActions,
            List<String> insufficientDataActions) {

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
        Optional<State> evaluate(MetricStore metrics, Instant now) {
            long end = Math.floorDiv(now.getEpochSecond(), periodSeconds) * (long) periodSeconds;
            int known = 0;
            int breaching = 0;
            for (int i = 1; i <= evaluationPeriods + EARLIER_PERIODS; i++) {
                long from = end - (long) i * periodSeconds;
                var value = value(metrics, from);
                if (value != null && known < evaluationPeriods) {
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
                        yield Optional.of(State.INSUFFICIENT_DATA);
                    }
                    yield Optional.of(
                            missing > 0 && nothingWithinTheThreshold
                                    ? State.ALARM
                                    : stateOf(breaching));
                }
            };
        }

        /// A sum has a datapoint where every one of its metrics has one
        /// (docs.aws.amazon.com/AmazonCloudWatch/…/using-metric-math.html, "Arithmetic
        // operations").
        private @Nullable Double value(MetricStore metrics, long from) {
            double sum = 0;
            for (var source : sources) {
                var statistics = metrics.between(source.metric(), from, from + periodSeconds);
                var value = statistics.isEmpty() ? null : statistics.value(source.statistic());
                if (value == null) {
                    return null;
                }
                sum += value;
            }
            return sum;
        }

        /// The same with its actions switched on or off.
        Definition withActions(boolean enabled) {
            return new Definition(
                    name,
                    description,
                    sources,
                    sum,
                    periodSeconds,
                    evaluationPeriods,
                    datapointsToAlarm,
                    threshold,
                    comparison,
                    treatMissingData,
                    enabled,
                    alarmActions,
                    okActions,
                    insufficientDataActions);
        }

        private State stateOf(int breaching) {
            return breaching >= datapointsToAlarm ? State.ALARM : State.OK;
        }

        List<String> actionsFor(State state) {
            return switch (state) {
                case ALARM -> alarmActions;
                case OK -> okActions;
                case INSUFFICIENT_DATA -> insufficientDataActions;
            };
        }
    }

    /// @param since when it changed to this
    record Standing(State state, String reason, Instant since) {}
}
