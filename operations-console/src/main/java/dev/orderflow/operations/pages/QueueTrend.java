package dev.orderflow.operations.pages;

import dev.orderflow.operations.deadletters.QueueSamples;
import dev.orderflow.operations.deadletters.QueueSamples.QueueDepthSample;
import dev.orderflow.operations.deadletters.QueueSamples.QueueHistory;
import dev.orderflow.operations.pages.Sparkline.SparklinePoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// A queue over the last hours.
///
/// @param now the right end of its lines
public record QueueTrend(QueueHistory history, Instant now) {

    /// The time between two rows of the numbers.
    private static final Duration STEP = Duration.ofMinutes(30);

    /// The name of the queue.
    public String queue() {
        return history.queue();
    }

    /// How many messages the queue had.
    public Sparkline depth() {
        return line(
                sample ->
                        sample.depth().stream()
                                .map(depth -> new SparklinePoint(sample.at(), depth)));
    }

    /// How many dead letters it had.
    public Sparkline deadLetters() {
        return line(sample -> Stream.of(new SparklinePoint(sample.at(), sample.deadLetters())));
    }

    /// How old the oldest dead letter was, in seconds.
    public Sparkline oldest() {
        return line(
                sample ->
                        Stream.of(new SparklinePoint(sample.at(), sample.oldestAge().toSeconds())));
    }

    private Sparkline line(Function<QueueDepthSample, Stream<SparklinePoint>> value) {
        return Sparkline.of(
                history.samples().stream().flatMap(value).toList(),
                now.minus(QueueSamples.RETENTION),
                now);
    }

    /// The last sample.
    public QueueDepthSample latest() {
        return history.samples().getLast();
    }

    /// Some of the samples as numbers, the latest first.
    public List<QueueDepthSample> numbers() {
        var numbers = new ArrayList<QueueDepthSample>();
        for (var sample : history.samples().reversed()) {
            if (numbers.isEmpty()
                    || Duration.between(sample.at(), numbers.getLast().at()).compareTo(STEP) >= 0) {
                numbers.add(sample);
            }
        }
        return numbers;
    }
}
