package dev.orderflow.localcloud.cloudwatch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rule of a composite alarm: `ALARM("a") AND NOT (OK("b") OR FALSE)`
/// (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html).
///
/// @param expression what is evaluated
/// @param children names of the alarms whose states are read, in the order of the rule
record AlarmRule(Expression expression, Set<String> children) {

    static final int LONGEST = 10_240;
    private static final int MOST_CHILDREN = 100;
    private static final int MOST_ELEMENTS = 500;
    private static final int DEEPEST = 100;

    /// Reads the states of alarms by their names.
    interface AlarmStates extends Function<String, AlarmState> {}

    /// A part of a rule.
    sealed interface Expression {
        record Constant(boolean value) implements Expression {}

        record InState(String alarm, AlarmState state) implements Expression {}

        record Not(Expression operand) implements Expression {}

        record And(Expression left, Expression right) implements Expression {}

        record Or(Expression left, Expression right) implements Expression {}
    }

    /// @throws dev.orderflow.localcloud.wire.AwsErrorException if the text is no rule or exceeds a
    ///     limit
    static AlarmRule parse(String text) {
        return new AlarmRuleParser(text).parse();
    }

    AlarmState evaluate(AlarmStates states) {
        return isTrue(expression, states) ? AlarmState.ALARM : AlarmState.OK;
    }

    private static boolean isTrue(Expression expression, AlarmStates states) {
        return switch (expression) {
            case Expression.Constant constant -> constant.value();
            case Expression.InState(var alarm, var state) -> states.apply(alarm) == state;
            case Expression.Not(var operand) -> !isTrue(operand, states);
            case Expression.And(var left, var right) ->
                    isTrue(left, states) && isTrue(right, states);
            case Expression.Or(var left, var right) ->
                    isTrue(left, states) || isTrue(right, states);
        };
    }

    private static final class AlarmRuleParser {

        /// A parenthesis, a quoted name, or anything else up to a space or a parenthesis.
        private static final Pattern ELEMENT =
                Pattern.compile("\\s*(?:([()])|\"([^\"]*)\"|([^\\s()\"]+))");

        private final String text;
        private final Matcher matcher;
        private final List<RuleElement> elements = new ArrayList<>();
        private final Set<String> children = new LinkedHashSet<>();
        private int next;
        private int depth;

        /// Operators, functions and constants.
        private int read;

        private record RuleElement(String text, boolean quoted) {

            boolean is(String word) {
                return !quoted && text.equals(word);
            }
        }

        AlarmRuleParser(String text) {
            this.text = text;
            this.matcher = ELEMENT.matcher(text);
        }

        AlarmRule parse() {
            split();
            var expression = parseOr();
            if (next < elements.size()) {
                throw invalid("unexpected " + elements.get(next).text());
            }
            if (children.size() > MOST_CHILDREN) {
                throw invalid("it refers to more than " + MOST_CHILDREN + " alarms");
            }
            return new AlarmRule(expression, Set.copyOf(children));
        }

        private void split() {
            int end = 0;
            while (end < text.length() && matcher.find(end) && matcher.start() == end) {
                var name = matcher.group(2);
                elements.add(
                        name == null
                                ? new RuleElement(matcher.group().strip(), false)
                                : new RuleElement(name, true));
                end = matcher.end();
            }
            if (!text.substring(end).isBlank()) {
                throw invalid("a quotation mark is not closed");
            }
        }

        private Expression parseOr() {
            var left = parseAnd();
            while (skip("OR")) {
                left = new Expression.Or(left, parseAnd());
            }
            return left;
        }

        private Expression parseAnd() {
            var left = parseOperand();
            while (skip("AND")) {
                left = new Expression.And(left, parseOperand());
            }
            return left;
        }

        private Expression parseOperand() {
            if (++depth > DEEPEST) {
                throw invalid("it is nested more than " + DEEPEST + " times");
            }
            try {
                if (skip("NOT")) {
                    return new Expression.Not(parseOperand());
                }
                if (skip("(")) {
                    var inner = parseOr();
                    require(")");
                    return inner;
                }
                if (skip("TRUE")) {
                    return new Expression.Constant(true);
                }
                if (skip("FALSE")) {
                    return new Expression.Constant(false);
                }
                for (var state : AlarmState.values()) {
                    if (skip(state.name())) {
                        return new Expression.InState(parseAlarm(), state);
                    }
                }
                if (next < elements.size() && elements.get(next).is("AT_LEAST")) {
                    throw CloudWatchParameters.unsupported("AT_LEAST in the rules of alarms");
                }
                throw invalid(
                        next < elements.size()
                                ? "unexpected " + elements.get(next).text()
                                : "unexpected end");
            } finally {
                depth--;
            }
        }

        private String parseAlarm() {
            require("(");
            if (next == elements.size() || elements.get(next).is(")")) {
                throw invalid("the name of an alarm is missing");
            }
            var alarm = nameOf(elements.get(next++).text());
            require(")");
            children.add(alarm);
            return alarm;
        }

        private boolean skip(String word) {
            if (next < elements.size() && elements.get(next).is(word)) {
                next++;
                if (!word.equals("(") && !word.equals(")") && ++read > MOST_ELEMENTS) {
                    throw invalid("it has more than " + MOST_ELEMENTS + " elements");
                }
                return true;
            }
            return false;
        }

        private void require(String word) {
            if (!skip(word)) {
                throw invalid("missing " + word);
            }
        }

        private static RuntimeException invalid(String why) {
            return CloudWatchParameters.validation("AlarmRule is not valid: " + why + ".");
        }
    }

    /// The name of an alarm that a request names by its name or its ARN.
    static String nameOf(String nameOrArn) {
        return nameOrArn.startsWith("arn:aws:cloudwatch:")
                ? nameOrArn.substring(nameOrArn.indexOf(":alarm:") + ":alarm:".length())
                : nameOrArn;
    }
}
