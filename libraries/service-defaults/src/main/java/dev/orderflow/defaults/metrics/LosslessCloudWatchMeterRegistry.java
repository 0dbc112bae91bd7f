package dev.orderflow.defaults.metrics;

import io.micrometer.cloudwatch2.CloudWatchConfig;
import io.micrometer.cloudwatch2.CloudWatchMeterRegistry;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeCounter;
import io.micrometer.core.instrument.cumulative.CumulativeDistributionSummary;
import io.micrometer.core.instrument.cumulative.CumulativeFunctionCounter;
import io.micrometer.core.instrument.cumulative.CumulativeFunctionTimer;
import io.micrometer.core.instrument.cumulative.CumulativeTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramGauges;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;

/// Publishes to CloudWatch what meters have counted since the publication before, however long ago
/// that was. Counts that CloudWatch could not accept are [sent again][ResendingCloudWatchClient].
///
/// The step meters of Micrometer hold the counts of the last complete step only. A publication that
/// a paused process or a slow call delays into another step loses the counts of the steps between,
/// and the alarm that waits for them stays off. Two publications in one step count twice.
final class LosslessCloudWatchMeterRegistry extends CloudWatchMeterRegistry {

    LosslessCloudWatchMeterRegistry(
            CloudWatchConfig config, Clock clock, CloudWatchAsyncClient client) {
        super(config, clock, new ResendingCloudWatchClient(client));
    }

    @Override
    protected void publish() {
        for (var meter : getMeters()) {
            if (meter instanceof IncreasingMeter increasing) {
                increasing.beginPublication();
            }
        }
        super.publish();
    }

    @Override
    protected Counter newCounter(Meter.Id id) {
        return new IncreasingCounter(id);
    }

    @Override
    protected Timer newTimer(
            Meter.Id id, DistributionStatisticConfig statistics, PauseDetector pauses) {
        var timer = new IncreasingTimer(id, clock, statistics, pauses, getBaseTimeUnit());
        HistogramGauges.registerWithCommonFormat(timer, this);
        return timer;
    }

    @Override
    protected DistributionSummary newDistributionSummary(
            Meter.Id id, DistributionStatisticConfig statistics, double scale) {
        var summary = new IncreasingSummary(id, clock, statistics, scale);
        HistogramGauges.registerWithCommonFormat(summary, this);
        return summary;
    }

    @Override
    protected <T> FunctionCounter newFunctionCounter(
            Meter.Id id, T counted, ToDoubleFunction<T> count) {
        return new IncreasingFunctionCounter<>(id, counted, count);
    }

    @Override
    protected <T> FunctionTimer newFunctionTimer(
            Meter.Id id,
            T timed,
            ToLongFunction<T> count,
            ToDoubleFunction<T> totalTime,
            TimeUnit unit) {
        return new IncreasingFunctionTimer<>(id, timed, count, totalTime, unit, getBaseTimeUnit());
    }

    /// A meter whose values are those of the current publication.
    private interface IncreasingMeter {

        /// Takes what was counted since the previous publication.
        void beginPublication();
    }

    /// The increase of a total between two publications.
    private static final class Increase {

        private double before;
        private double now;

        synchronized void advanceTo(double total) {
            before = now;
            now = total;
        }

        synchronized double value() {
            return now - before;
        }
    }

    /// The greatest value of a publication.
    private static final class Maximum {

        private final DoubleAccumulator next = new DoubleAccumulator(Math::max, 0);
        private volatile double current;

        void accept(double value) {
            next.accumulate(value);
        }

        void advance() {
            current = next.getThenReset();
        }

        double value() {
            return current;
        }
    }

    private static final class IncreasingCounter extends CumulativeCounter
            implements IncreasingMeter {

        private final Increase count = new Increase();

        IncreasingCounter(Meter.Id id) {
            super(id);
        }

        @Override
        public void beginPublication() {
            count.advanceTo(super.count());
        }

        @Override
        public double count() {
            return count.value();
        }
    }

    private static final class IncreasingTimer extends CumulativeTimer implements IncreasingMeter {

        private final Increase count = new Increase();
        private final Increase nanoseconds = new Increase();
        private final Maximum longest = new Maximum();

        IncreasingTimer(
                Meter.Id id,
                Clock clock,
                DistributionStatisticConfig statistics,
                PauseDetector pauses,
                TimeUnit unit) {
            super(id, clock, statistics, pauses, unit, false);
        }

        @Override
        protected void recordNonNegative(long amount, TimeUnit unit) {
            super.recordNonNegative(amount, unit);
            longest.accept(unit.toNanos(amount));
        }

        @Override
        public void beginPublication() {
            count.advanceTo(super.count());
            nanoseconds.advanceTo(super.totalTime(TimeUnit.NANOSECONDS));
            longest.advance();
        }

        @Override
        public long count() {
            return (long) count.value();
        }

        @Override
        public double totalTime(TimeUnit unit) {
            return nanoseconds.value() / unit.toNanos(1);
        }

        @Override
        public double max(TimeUnit unit) {
            return longest.value() / unit.toNanos(1);
        }
    }

    private static final class IncreasingSummary extends CumulativeDistributionSummary
            implements IncreasingMeter {

        private final Increase count = new Increase();
        private final Increase total = new Increase();
        private final Maximum greatest = new Maximum();

        IncreasingSummary(
                Meter.Id id, Clock clock, DistributionStatisticConfig statistics, double scale) {
            super(id, clock, statistics, scale, false);
        }

        @Override
        protected void recordNonNegative(double amount) {
            super.recordNonNegative(amount);
            greatest.accept(amount);
        }

        @Override
        public void beginPublication() {
            count.advanceTo(super.count());
            total.advanceTo(super.totalAmount());
            greatest.advance();
        }

        @Override
        public long count() {
            return (long) count.value();
        }

        @Override
        public double totalAmount() {
            return total.value();
        }

        @Override
        public double max() {
            return greatest.value();
        }
    }

    private static final class IncreasingFunctionCounter<T> extends CumulativeFunctionCounter<T>
            implements IncreasingMeter {

        private final Increase count = new Increase();

        IncreasingFunctionCounter(Meter.Id id, T counted, ToDoubleFunction<T> function) {
            super(id, counted, function);
        }

        @Override
        public void beginPublication() {
            count.advanceTo(super.count());
        }

        @Override
        public double count() {
            return count.value();
        }
    }

    private static final class IncreasingFunctionTimer<T> extends CumulativeFunctionTimer<T>
            implements IncreasingMeter {

        private final Increase count = new Increase();
        private final Increase nanoseconds = new Increase();

        IncreasingFunctionTimer(
                Meter.Id id,
                T timed,
                ToLongFunction<T> countFunction,
                ToDoubleFunction<T> totalTimeFunction,
                TimeUnit functionUnit,
                TimeUnit unit) {
            super(id, timed, countFunction, totalTimeFunction, functionUnit, unit);
        }

        @Override
        public void beginPublication() {
            count.advanceTo(super.count());
            nanoseconds.advanceTo(super.totalTime(TimeUnit.NANOSECONDS));
        }

        @Override
        public double count() {
            return count.value();
        }

        @Override
        public double totalTime(TimeUnit unit) {
            return nanoseconds.value() / unit.toNanos(1);
        }
    }
}
