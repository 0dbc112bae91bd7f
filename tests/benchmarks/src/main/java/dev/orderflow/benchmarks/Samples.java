package dev.orderflow.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The values of one measurement in all rounds.
final class Samples {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    double latest() {
        return values.getLast();
    }

    /// Whether rates differ by less than 5%.
    static boolean isFlat(List<Double> rates) {
        double least = rates.stream().mapToDouble(each -> each).min().orElseThrow();
        double greatest = rates.stream().mapToDouble(each -> each).max().orElseThrow();
        return greatest <= least * 1.05;
    }

    double median() {
        var sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double least() {
        return values.stream().mapToDouble(each -> each).min().orElseThrow();
    }

    double greatest() {
        return values.stream().mapToDouble(each -> each).max().orElseThrow();
    }

    /// The values divided by those of the same rounds of another measurement.
    Samples dividedBy(Samples others) {
        var ratios = new Samples();
        for (int round = 0; round < values.size(); round++) {
            ratios.add(values.get(round) / others.values.get(round));
        }
        return ratios;
    }

    /// The median and, in brackets, the least and the greatest value.
    String format(String pattern) {
        return String.format(
                Locale.ROOT,
                pattern + " (" + pattern + "–" + pattern + ")",
                median(),
                least(),
                greatest());
    }

    /// The median alone; empty without values.
    String formatMedian(String pattern) {
        return values.isEmpty() ? "" : String.format(Locale.ROOT, pattern, median());
    }
}
