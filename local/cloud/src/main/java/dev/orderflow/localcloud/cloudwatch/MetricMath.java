package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.wire.AwsError;
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
/// arithmetic and comparisons of time series, and the functions below. Others are refused by name.
///
/// Series are joined where both have a datapoint.
final class MetricMath {

    /// What an expression gives.
    sealed interface Value {

        record Scalar(double number) implements Value {}

        /// @param points by their time, in seconds
        record Series(NavigableMap<Long, Double> points) implements Value {}

        record Many(List<Series> series) implements Value {}
    }

    private static final int DEEPEST = 50;

    private final String text;
    private final Map<String, Value.Series> metrics;
    private final Map<String, Value> known;
    private final Collection<Long> times;
    private final int period;
    private int at;
    private int depth;

    private MetricMath(
            String text,
            Map<String, Value.Series> metrics,
            Map<String, Value> known,
            Collection<Long> times,
            int period) {
        this.text = text;
        this.metrics = metrics;
        this.known = known;
        this.times = times;
        this.period = period;
    }

    /// @param metrics what `METRICS()` stands for, by id
    /// @param known what ids stand for
    /// @param times of all periods, for `FILL`
    /// @throws AwsError `ValidationError` when it is no expression
    static Value evaluate(
            String expression,
            Map<String, Value.Series> metrics,
            Map<String, Value> known,
            Collection<Long> times,
            int period) {
        var math = new MetricMath(expression, metrics, known, times, period);
        var value = math.comparison();
        math.spaces();
        if (math.at < expression.length()) {
            throw math.malformed();
        }
        return value;
    }

    private AwsError malformed() {
        return Parameters.validation(
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

    private Value comparison() {
        var left = sum();
        for (var operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
            if (accept(operator)) {
                return combine(left, sum(), (a, b) -> holds(operator, a, b) ? 1 : 0);
            }
        }
        return left;
    }

    private static boolean holds(String operator, double a, double b) {
        return switch (operator) {
            case "==" -> a == b;
            case "!=" -> a != b;
            case "<=" -> a <= b;
            case ">=" -> a >= b;
            case "<" -> a < b;
            default -> a > b;
        };
    }

    private Value sum() {
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

    private Value product() {
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

    private Value power() {
        var base = operand();
        return accept("^") ? combine(base, power(), Math::pow) : base;
    }

    private Value operand() {
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
                var inner = comparison();
                require(")");
                return inner;
            }
            if (accept("[")) {
                var series = new ArrayList<Value.Series>();
                do {
                    series.add(series(comparison()));
                } while (accept(","));
                require("]");
                return new Value.Many(series);
            }
            return Character.isDigit(text.charAt(at)) || text.charAt(at) == '.'
                    ? number()
                    : named();
        } finally {
            depth--;
        }
    }

    private void require(String token) {
        if (!accept(token)) {
            throw malformed();
        }
    }

    private Value number() {
        int start = at;
        while (at < text.length()
                && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        try {
            return new Value.Scalar(Double.parseDouble(text.substring(start, at)));
        } catch (NumberFormatException _) {
            throw malformed();
        }
    }

    private Value named() {
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
            throw Parameters.validation(
                    "Error in expression '%s': Unresolved Expression element '%s'"
                            .formatted(text, name));
        }
        return value;
    }

    private Value function(String name) {
        if (name.equals("METRICS")) {
            return new Value.Many(named(stringArgument()));
        }
        if (name.equals("FILL")) {
            return fill();
        }
        var arguments = new ArrayList<Value>();
        if (!accept(")")) {
            do {
                arguments.add(comparison());
            } while (accept(","));
            require(")");
        }
        return switch (name) {
            case "ABS" -> map(only(arguments), Math::abs);
            case "CEIL" -> map(only(arguments), Math::ceil);
            case "FLOOR" -> map(only(arguments), Math::floor);
            case "LOG" -> map(only(arguments), Math::log);
            case "LOG10" -> map(only(arguments), Math::log10);
            case "PERIOD" -> new Value.Scalar(period);
            case "IF" -> choose(arguments);
            case "RATE" -> rate(series(only(arguments)));
            case "DIFF" -> difference(series(only(arguments)));
            case "METRIC_COUNT" ->
                    new Value.Scalar(
                            only(arguments) instanceof Value.Many(var all) ? all.size() : 1);
            case "SUM" -> aggregate(arguments, all -> all.stream().mapToDouble(v -> v).sum());
            case "AVG" ->
                    aggregate(
                            arguments, all -> all.stream().mapToDouble(v -> v).average().orElse(0));
            case "MIN" ->
                    aggregate(arguments, all -> all.stream().mapToDouble(v -> v).min().orElse(0));
            case "MAX" ->
                    aggregate(arguments, all -> all.stream().mapToDouble(v -> v).max().orElse(0));
            case "STDDEV" -> aggregate(arguments, MetricMath::deviation);
            default -> throw Parameters.unsupported("the metric math function " + name);
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

    private List<Value.Series> named(String part) {
        return metrics.entrySet().stream()
                .filter(metric -> metric.getKey().contains(part))
                .map(Map.Entry::getValue)
                .toList();
    }

    private Value only(List<Value> arguments) {
        if (arguments.size() != 1) {
            throw malformed();
        }
        return arguments.getFirst();
    }

    private Value.Series series(Value value) {
        return switch (value) {
            case Value.Series series -> series;
            case Value.Scalar(var number) -> {
                var points = new TreeMap<Long, Double>();
                times.forEach(time -> points.put(time, number));
                yield new Value.Series(points);
            }
            case Value.Many _ ->
                    throw Parameters.validation(
                            "Error in expression '%s': an array of time series was found where one was expected"
                                    .formatted(text));
        };
    }

    private Value fill() {
        var value = series(comparison());
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
            throw Parameters.unsupported("the metric math function FILL with LINEAR");
        } else {
            var filler = series(comparison());
            for (var time : times) {
                var there = value.points().getOrDefault(time, filler.points().get(time));
                if (there != null) {
                    points.put(time, there);
                }
            }
        }
        require(")");
        return new Value.Series(points);
    }

    private Value choose(List<Value> arguments) {
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
        return new Value.Series(points);
    }

    private static Value rate(Value.Series series) {
        return following(series, (seconds, change) -> change / seconds);
    }

    private static Value difference(Value.Series series) {
        return following(series, (_, change) -> change);
    }

    private static Value following(Value.Series series, DoubleBinaryOperator of) {
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
        return new Value.Series(points);
    }

    private static double deviation(List<Double> values) {
        double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
        return Math.sqrt(
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElse(0));
    }

    /// Of one series its datapoints to a number; of several what they have at each time.
    private static Value aggregate(List<Value> arguments, ToDoubleFunction<List<Double>> function) {
        if (arguments.size() == 1 && arguments.getFirst() instanceof Value.Series(var points)) {
            return new Value.Scalar(function.applyAsDouble(List.copyOf(points.values())));
        }
        var all = new ArrayList<Value.Series>();
        for (var argument : arguments) {
            switch (argument) {
                case Value.Series series -> all.add(series);
                case Value.Many(var series) -> all.addAll(series);
                case Value.Scalar(var number) -> {
                    var points = new TreeMap<Long, Double>();
                    all.forEach(
                            series -> series.points().keySet().forEach(t -> points.put(t, number)));
                    all.add(new Value.Series(points));
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
        return new Value.Series(points);
    }

    private static Value map(Value value, DoubleUnaryOperator operator) {
        return switch (value) {
            case Value.Scalar(var number) -> new Value.Scalar(operator.applyAsDouble(number));
            case Value.Series(var points) -> {
                var mapped = new TreeMap<Long, Double>();
                points.forEach((time, number) -> mapped.put(time, operator.applyAsDouble(number)));
                yield new Value.Series(mapped);
            }
            case Value.Many(var all) ->
                    new Value.Many(
                            all.stream().map(one -> (Value.Series) map(one, operator)).toList());
        };
    }

    private Value combine(Value left, Value right, DoubleBinaryOperator operator) {
        if (right instanceof Value.Scalar(var number)) {
            return map(left, value -> operator.applyAsDouble(value, number));
        }
        if (left instanceof Value.Scalar(var number)) {
            return map(right, value -> operator.applyAsDouble(number, value));
        }
        if (left instanceof Value.Many(var all)) {
            var with = series(right);
            return new Value.Many(
                    all.stream().map(one -> (Value.Series) combine(one, with, operator)).toList());
        }
        if (right instanceof Value.Many(var all)) {
            return new Value.Many(
                    all.stream().map(one -> (Value.Series) combine(left, one, operator)).toList());
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
        return new Value.Series(points);
    }
}
