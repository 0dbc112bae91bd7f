package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/// [Metric
/// math](https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html):
/// arithmetic and comparisons of time series, and the functions below. Other functions are rejected
/// by name. Series are combined at the times where both have a datapoint.
final class MetricMath {

    /// The value of an expression.
    sealed interface MathValue {

        record ScalarValue(double number) implements MathValue {}

        /// @param points datapoints by time, in epoch seconds
        record SeriesValue(NavigableMap<Long, Double> points) implements MathValue {}

        record SeriesListValue(List<SeriesValue> series) implements MathValue {}
    }

    private static final int DEEPEST = 50;

    private final String text;
    private final Map<String, MathValue.SeriesValue> metrics;
    private final Map<String, MathValue> known;
    private final Collection<Long> times;
    private final int period;
    private int at;
    private int depth;

    private MetricMath(
            String text,
            Map<String, MathValue.SeriesValue> metrics,
            Map<String, MathValue> known,
            Collection<Long> times,
            int period) {
        this.text = text;
        this.metrics = metrics;
        this.known = known;
        this.times = times;
        this.period = period;
    }

    /// @param metrics the series of `METRICS()`, by id
    /// @param known values by id
    /// @param times times of all periods, for `FILL`
    /// @throws AwsErrorException `ValidationError` if the expression is invalid
    static MathValue evaluate(
            String expression,
            Map<String, MathValue.SeriesValue> metrics,
            Map<String, MathValue> known,
            Collection<Long> times,
            int period) {
        var math = new MetricMath(expression, metrics, known, times, period);
        var value = math.condition();
        math.spaces();
        if (math.at < expression.length()) {
            throw math.malformed();
        }
        return value;
    }

    private AwsErrorException malformed() {
        return CloudWatchParameters.validation(
                "Error in expression '%s': syntax error at position %d".formatted(text, at));
    }

    private void spaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean accept(String token) {
        spaces();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    /// `OR` binds less than `AND`, and both less than comparisons. Whatever is not 0 is true.
    private MathValue condition() {
        var left = conjunction();
        while (accept("||") || acceptWord("OR")) {
            left = combine(left, conjunction(), (a, b) -> a != 0 || b != 0 ? 1 : 0);
        }
        return left;
    }

    private MathValue conjunction() {
        var left = comparison();
        while (accept("&&") || acceptWord("AND")) {
            left = combine(left, comparison(), (a, b) -> a != 0 && b != 0 ? 1 : 0);
        }
        return left;
    }

    private boolean acceptWord(String word) {
        spaces();
        int end = at + word.length();
        boolean found =
                text.startsWith(word, at)
                        && (end == text.length()
                                || !Character.isLetterOrDigit(text.charAt(end))
                                        && text.charAt(end) != '_');
        at = found ? end : at;
        return found;
    }

    private MathValue comparison() {
        var left = sum();
        for (var operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
            if (accept(operator)) {
                return combine(left, sum(), (a, b) -> compare(operator, a, b) ? 1 : 0);
            }
        }
        return left;
    }

    private static boolean compare(String operator, double a, double b) {
        return switch (operator) {
            case "==" -> a == b;
            case "!=" -> a != b;
            case "<=" -> a <= b;
            case ">=" -> a >= b;
            case "<" -> a < b;
            default -> a > b;
        };
    }

    private MathValue sum() {
        var left = product();
        while (true) {
            if (accept("+")) {
                left = combine(left, product(), Double::sum);
            } else if (accept("-")) {
                left = combine(left, product(), (a, b) -> a - b);
            } else {
                return left;
            }
        }
    }

    private MathValue product() {
        var left = power();
        while (true) {
            if (accept("*")) {
                left = combine(left, power(), (a, b) -> a * b);
            } else if (accept("/")) {
                left = combine(left, power(), (a, b) -> a / b);
            } else {
                return left;
            }
        }
    }

    private MathValue power() {
        var base = operand();
        return accept("^") ? combine(base, power(), Math::pow) : base;
    }

    private MathValue operand() {
        if (++depth > DEEPEST) {
            throw malformed();
        }
        try {
            spaces();
            if (at >= text.length()) {
                throw malformed();
            }
            if (accept("-")) {
                return map(operand(), value -> -value);
            }
            if (accept("(")) {
                var inner = condition();
                require(")");
                return inner;
            }
            if (accept("[")) {
                var series = new ArrayList<MathValue.SeriesValue>();
                do {
                    series.add(series(condition()));
                } while (accept(","));
                require("]");
                return new MathValue.SeriesListValue(series);
            }
            return Character.isDigit(text.charAt(at)) || text.charAt(at) == '.'
                    ? number()
                    : readName();
        } finally {
            depth--;
        }
    }

    private void require(String token) {
        if (!accept(token)) {
            throw malformed();
        }
    }

    private MathValue number() {
        int start = at;
        while (at < text.length()
                && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        try {
            return new MathValue.ScalarValue(Double.parseDouble(text.substring(start, at)));
        } catch (NumberFormatException _) {
            throw malformed();
        }
    }

    private MathValue readName() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        var name = text.substring(start, at);
        if (name.isEmpty()) {
            throw malformed();
        }
        if (accept("(")) {
            return function(name.toUpperCase(Locale.ROOT));
        }
        var value = known.get(name);
        if (value == null) {
            throw CloudWatchParameters.validation(
                    "Error in expression '%s': Unresolved Expression element '%s'"
                            .formatted(text, name));
        }
        return value;
    }

    /// The functions whose arguments are expressions. `METRICS` and `FILL` have other arguments.
    private enum MathFunction {
        ABS,
        AVG,
        CEIL,
        DIFF,
        FLOOR,
        IF,
        LOG,
        LOG10,
        MAX,
        METRIC_COUNT,
        MIN,
        PERIOD,
        RATE,
        STDDEV,
        SUM
    }

    private MathValue function(String name) {
        if (name.equals("METRICS")) {
            return new MathValue.SeriesListValue(findMetrics(stringArgument()));
        }
        if (name.equals("FILL")) {
            return fill();
        }
        MathFunction function;
        try {
            function = MathFunction.valueOf(name);
        } catch (IllegalArgumentException _) {
            // Before its arguments, which may be strings.
            throw CloudWatchParameters.unsupported("the metric math function " + name);
        }
        var arguments = new ArrayList<MathValue>();
        if (!accept(")")) {
            do {
                arguments.add(condition());
            } while (accept(","));
            require(")");
        }
        return switch (function) {
            case ABS -> map(only(arguments), Math::abs);
            case CEIL -> map(only(arguments), Math::ceil);
            case FLOOR -> map(only(arguments), Math::floor);
            case LOG -> map(only(arguments), Math::log);
            case LOG10 -> map(only(arguments), Math::log10);
            case PERIOD -> new MathValue.ScalarValue(period);
            case IF -> choose(arguments);
            case RATE -> rate(series(only(arguments)));
            case DIFF -> difference(series(only(arguments)));
            case METRIC_COUNT ->
                    new MathValue.ScalarValue(
                            only(arguments) instanceof MathValue.SeriesListValue(var all)
                                    ? all.size()
                                    : 1);
            case SUM -> aggregate(arguments, all -> all.stream().mapToDouble(v -> v).sum());
            case AVG ->
                    aggregate(
                            arguments, all -> all.stream().mapToDouble(v -> v).average().orElse(0));
            case MIN ->
                    aggregate(arguments, all -> all.stream().mapToDouble(v -> v).min().orElse(0));
            case MAX ->
                    aggregate(arguments, all -> all.stream().mapToDouble(v -> v).max().orElse(0));
            case STDDEV -> aggregate(arguments, MetricMath::deviation);
        };
    }

    private String stringArgument() {
        spaces();
        if (accept(")")) {
            return "";
        }
        require("\"");
        int end = text.indexOf('"', at);
        if (end < 0) {
            throw malformed();
        }
        var argument = text.substring(at, end);
        at = end + 1;
        require(")");
        return argument;
    }

    private List<MathValue.SeriesValue> findMetrics(String part) {
        return metrics.entrySet().stream()
                .filter(metric -> metric.getKey().contains(part))
                .map(Map.Entry::getValue)
                .toList();
    }

    private MathValue only(List<MathValue> arguments) {
        if (arguments.size() != 1) {
            throw malformed();
        }
        return arguments.getFirst();
    }

    private MathValue.SeriesValue series(MathValue value) {
        return switch (value) {
            case MathValue.SeriesValue series -> series;
            case MathValue.ScalarValue(var number) -> {
                var points = new TreeMap<Long, Double>();
                times.forEach(time -> points.put(time, number));
                yield new MathValue.SeriesValue(points);
            }
            case MathValue.SeriesListValue _ ->
                    throw CloudWatchParameters.validation(
                            "Error in expression '%s': an array of time series was found where one was expected"
                                    .formatted(text));
        };
    }

    private MathValue fill() {
        var value = series(condition());
        require(",");
        var points = new TreeMap<Long, Double>();
        if (accept("REPEAT")) {
            for (var time : times) {
                var before = value.points().floorEntry(time);
                if (before != null) {
                    points.put(time, before.getValue());
                }
            }
        } else if (accept("LINEAR")) {
            throw CloudWatchParameters.unsupported("the metric math function FILL with LINEAR");
        } else {
            var filler = series(condition());
            for (var time : times) {
                var there = value.points().getOrDefault(time, filler.points().get(time));
                if (there != null) {
                    points.put(time, there);
                }
            }
        }
        require(")");
        return new MathValue.SeriesValue(points);
    }

    private MathValue choose(List<MathValue> arguments) {
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw malformed();
        }
        var condition = series(arguments.get(0)).points();
        var yes = series(arguments.get(1)).points();
        var no =
                arguments.size() == 3
                        ? series(arguments.get(2)).points()
                        : new TreeMap<Long, Double>();
        var points = new TreeMap<Long, Double>();
        condition.forEach(
                (time, holds) -> {
                    var chosen = (holds == 0 ? no : yes).get(time);
                    if (chosen != null) {
                        points.put(time, chosen);
                    }
                });
        return new MathValue.SeriesValue(points);
    }

    private static MathValue rate(MathValue.SeriesValue series) {
        return following(series, (seconds, change) -> change / seconds);
    }

    private static MathValue difference(MathValue.SeriesValue series) {
        return following(series, (_, change) -> change);
    }

    private static MathValue following(MathValue.SeriesValue series, DoubleBinaryOperator of) {
        var points = new TreeMap<Long, Double>();
        for (var point : series.points().entrySet()) {
            var before = series.points().lowerEntry(point.getKey());
            if (before != null) {
                points.put(
                        point.getKey(),
                        of.applyAsDouble(
                                (double) point.getKey() - before.getKey(),
                                point.getValue() - before.getValue()));
            }
        }
        return new MathValue.SeriesValue(points);
    }

    private static double deviation(List<Double> values) {
        double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
        return Math.sqrt(
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElse(0));
    }

    /// Aggregates one series to a number, or several series at each time.
    private static MathValue aggregate(
            List<MathValue> arguments, ToDoubleFunction<List<Double>> function) {
        if (arguments.size() == 1
                && arguments.getFirst() instanceof MathValue.SeriesValue(var points)) {
            return new MathValue.ScalarValue(function.applyAsDouble(List.copyOf(points.values())));
        }
        var all = new ArrayList<MathValue.SeriesValue>();
        for (var argument : arguments) {
            switch (argument) {
                case MathValue.SeriesValue series -> all.add(series);
                case MathValue.SeriesListValue(var series) -> all.addAll(series);
                case MathValue.ScalarValue(var number) -> {
                    var points = new TreeMap<Long, Double>();
                    all.forEach(
                            series -> series.points().keySet().forEach(t -> points.put(t, number)));
                    all.add(new MathValue.SeriesValue(points));
                }
            }
        }
        var times = new TreeSet<Long>();
        all.forEach(series -> times.addAll(series.points().keySet()));
        var points = new TreeMap<Long, Double>();
        for (var time : times) {
            var values = new ArrayList<Double>();
            for (var series : all) {
                var value = series.points().get(time);
                if (value != null) {
                    values.add(value);
                }
            }
            points.put(time, function.applyAsDouble(values));
        }
        return new MathValue.SeriesValue(points);
    }

    private static MathValue map(MathValue value, DoubleUnaryOperator operator) {
        return switch (value) {
            case MathValue.ScalarValue(var number) ->
                    new MathValue.ScalarValue(operator.applyAsDouble(number));
            case MathValue.SeriesValue(var points) -> {
                var mapped = new TreeMap<Long, Double>();
                points.forEach((time, number) -> mapped.put(time, operator.applyAsDouble(number)));
                yield new MathValue.SeriesValue(mapped);
            }
            case MathValue.SeriesListValue(var all) ->
                    new MathValue.SeriesListValue(
                            all.stream()
                                    .map(one -> (MathValue.SeriesValue) map(one, operator))
                                    .toList());
        };
    }

    private MathValue combine(MathValue left, MathValue right, DoubleBinaryOperator operator) {
        if (right instanceof MathValue.ScalarValue(var number)) {
            return map(left, value -> operator.applyAsDouble(value, number));
        }
        if (left instanceof MathValue.ScalarValue(var number)) {
            return map(right, value -> operator.applyAsDouble(number, value));
        }
        if (left instanceof MathValue.SeriesListValue(var all)) {
            var with = series(right);
            return new MathValue.SeriesListValue(
                    all.stream()
                            .map(one -> (MathValue.SeriesValue) combine(one, with, operator))
                            .toList());
        }
        if (right instanceof MathValue.SeriesListValue(var all)) {
            return new MathValue.SeriesListValue(
                    all.stream()
                            .map(one -> (MathValue.SeriesValue) combine(left, one, operator))
                            .toList());
        }
        var points = new TreeMap<Long, Double>();
        var others = series(right).points();
        series(left)
                .points()
                .forEach(
                        (time, value) -> {
                            var other = others.get(time);
                            if (other != null) {
                                double result = operator.applyAsDouble(value, other);
                                if (Double.isFinite(result)) {
                                    points.put(time, result);
                                }
                            }
                        });
        return new MathValue.SeriesValue(points);
    }
}
