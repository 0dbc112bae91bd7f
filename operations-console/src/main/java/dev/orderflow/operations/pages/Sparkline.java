package dev.orderflow.operations.pages;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// A line of values over time, drawn as the path of an SVG.
///
/// @param path the attribute `d`; it is interrupted where a sample is missing
/// @param latest the last value; 0 for none
/// @param most the highest value
public record Sparkline(String path, long latest, long most) {

    /// The width in pixels.
    public static final int WIDTH = 150;

    /// The height in pixels.
    public static final int HEIGHT = 26;

    /// Longer than the time between two samples.
    private static final Duration GAP = Duration.ofSeconds(150);

    /// A value at a time.
    public record SparklinePoint(Instant at, long value) {}

    /// Draws points.
    ///
    /// @param points the earliest first
    /// @param from the left end
    /// @param until the right end
    static Sparkline of(List<SparklinePoint> points, Instant from, Instant until) {
        long most = points.stream().mapToLong(SparklinePoint::value).max().orElse(0);
        double millis = Math.max(1, Duration.between(from, until).toMillis());
        var path = new StringBuilder();
        var previous = Instant.MIN;
        for (var point : points) {
            boolean isBroken =
                    previous.equals(Instant.MIN)
                            || Duration.between(previous, point.at()).compareTo(GAP) > 0;
            double x = Duration.between(from, point.at()).toMillis() / millis * WIDTH;
            double y = HEIGHT - 1.5 - (HEIGHT - 3) * ((double) point.value() / Math.max(1, most));
            path.append(
                    String.format(
                            Locale.ROOT,
                            "%s%.1f %.1f",
                            isBroken ? "M" : "L",
                            Math.clamp(x, 0, WIDTH),
                            y));
            // A point without neighbours is a short line.
            if (isBroken) {
                path.append("h.1");
            }
            previous = point.at();
        }
        return new Sparkline(
                path.toString(), points.isEmpty() ? 0 : points.getLast().value(), most);
    }
}
