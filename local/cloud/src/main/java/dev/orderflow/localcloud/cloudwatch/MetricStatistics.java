package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Statistics of the samples of one period: count, sum, minimum and maximum, and for percentiles
/// the single values, as far as they were sent individually.
final class MetricStatistics {

    private static final Set<String> PLAIN =
            Set.of("SampleCount", "Average", "Sum", "Minimum", "Maximum");
    private static final Pattern PERCENTILE = Pattern.compile("p(\\d{1,2}(\\.\\d{1,10})?|100)");
    private static final int VALUES_KEPT = 10_000;

    private double count;
    private double sum;
    private double minimum = Double.POSITIVE_INFINITY;
    private double maximum = Double.NEGATIVE_INFINITY;
    private final List<Double> values = new ArrayList<>();

    void add(double value, double times) {
        add(times, value * times, value, value);
        for (int i = 0; i < times && values.size() < VALUES_KEPT; i++) {
            values.add(value);
        }
    }

    void add(double count, double sum, double minimum, double maximum) {
        this.count += count;
        this.sum += sum;
        this.minimum = Math.min(this.minimum, minimum);
        this.maximum = Math.max(this.maximum, maximum);
    }

    void add(MetricStatistics other) {
        add(other.count, other.sum, other.minimum, other.maximum);
        values.addAll(other.values);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// @return null for a percentile of values that were sent as statistic sets
    @Nullable Double value(String statistic) {
        return switch (statistic) {
            case "SampleCount" -> count;
            case "Sum" -> sum;
            case "Average" -> sum / count;
            case "Minimum" -> minimum;
            case "Maximum" -> maximum;
            default -> percentile(Double.parseDouble(statistic.substring(1)));
        };
    }

    private @Nullable Double percentile(double percent) {
        if (values.isEmpty()) {
            return null;
        }
        var sorted = values.stream().sorted().toList();
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.max(rank, 1) - 1);
    }

    /// One that `Statistic` and `Statistics` may name.
    static void requirePlain(String statistic) {
        if (!PLAIN.contains(statistic)) {
            throw CloudWatchParameters.invalid(
                    "The value %s for parameter Statistic must be one of %s"
                            .formatted(statistic, PLAIN.stream().sorted().toList()));
        }
    }

    /// One that `ExtendedStatistic` and `ExtendedStatistics` may name.
    static void requireExtended(String statistic) {
        if (PLAIN.contains(statistic)) {
            throw CloudWatchParameters.invalid(
                    "The value %s for parameter ExtendedStatistic must be a percentile"
                            .formatted(statistic));
        }
        requireKnown(statistic);
    }

    static void requireKnown(String statistic) {
        if (!PLAIN.contains(statistic) && !PERCENTILE.matcher(statistic).matches()) {
            throw AwsErrorException.client(
                    "InvalidParameterValue",
                    "local-cloud does not support the statistic " + statistic);
        }
    }
}
