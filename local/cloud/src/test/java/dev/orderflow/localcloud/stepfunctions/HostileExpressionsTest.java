package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.orderflow.contracts.fixture.HostileJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Endless or too deeply nested expressions fail only their state.
/// [AWS](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html) fails such
/// states with `States.QueryEvaluationError`.
class HostileExpressionsTest {

    private static final String HOSTILE = "a".repeat(60) + "!";

    private static JsonataExpressions.ExpressionResult evaluated(String expression) {
        return assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () ->
                        JsonataExpressions.evaluate(
                                expression, Map.of("text", HOSTILE), Duration.ofMillis(300)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$match($text, /(a*)(a*)(a*)(a*)(a*)(a*)(a*)(a*)b/)",
                "$contains($text, /(a*)(a*)(a*)(a*)(a*)(a*)(a*)(a*)b/)",
                "$replace($text, /(a*)(a*)(a*)(a*)(a*)(a*)(a*)(a*)b/, '')",
                "$split($text, /(a*)(a*)(a*)(a*)(a*)(a*)(a*)(a*)b/)",
                "$text ~> $match(/(a*)(a*)(a*)(a*)(a*)(a*)(a*)(a*)b/)",
                "/(a*)(a*)(a*)(a*)(a*)(a*)b/($text)",
                "($f := function() { $f() }; $f())",
            })
    void anEndlessExpressionFails(String expression) {
        assertThat(evaluated(expression))
                .isInstanceOfSatisfying(
                        JsonataExpressions.ExpressionResult.ExpressionFailed.class,
                        threw -> assertThat(threw.tail()).contains("timeout"));
    }

    @Test
    void aTooDeeplyNestedExpressionFails() {
        assertThat(evaluated("($f := function($n) { 1 + $f($n + 1) }; $f(1))"))
                .isInstanceOfSatisfying(
                        JsonataExpressions.ExpressionResult.ExpressionFailed.class,
                        threw -> assertThat(threw.tail()).contains("Stack overflow"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "$contains('order-17', /[0-9]+$/)            | true",
                "$match('ab1c22', /[0-9]+/).match            | [\"1\",\"22\"]",
                "$replace('a-b-c', /-/, '+')                 | \"a+b+c\"",
                "$replace('a-b-c', /-/, '+', 1)              | \"a+b-c\"",
                "$replace('a-b', '-', '+')                   | \"a+b\"",
                "$split('a, b,c', /,\\s*/)                 | [\"a\",\"b\",\"c\"]",
                "'x7' ~> $contains(/\\d/)                  | true",
                "$map(['a1','b'], function($s){$contains($s, /1/)}) | [true,false]",
                "10 / 4                                      | 2.5",
            })
    void boundedMatchingBehavesAsInJsonata(String expression, String value) {
        assertThat(JsonataExpressions.evaluate(expression, Map.of()))
                .isEqualTo(
                        new JsonataExpressions.ExpressionResult.ExpressionValue(
                                StepFunctionsJson.parse(value)));
    }

    @Test
    void anInvalidArgumentIsReportedWithTheFunctionName() {
        assertThat(JsonataExpressions.evaluate("$match('a/b', 17)", Map.of()))
                .isInstanceOfSatisfying(
                        JsonataExpressions.ExpressionResult.ExpressionFailed.class,
                        threw -> assertThat(threw.tail()).contains("\"match\""));
    }

    /// A few characters can ask for more than the available memory.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('xxxxxxxx', 40))",
                "$pad('x', 2000000000)",
                "$pad('x', -2000000000)",
                "$pad('x', 100000, $pad('y', 100000))",
                "[1..2000000000]",
                "[1..9000000][[1..9000000]]",
                "$map([1..9000], function($i) { $map([1..9000], function($j) { $i * $j }) })",
                "($f := function($a, $n) { $n = 0 ? $a : $f($append($a, $a), $n - 1) }; $f([1..100], 40))",
                "$join($map([1..9000], function($i) { $pad('x', 90000) }))",
                "$replace($pad('x', 60000), 'x', $pad('y', 60000))",
                "$reduce([1..60], function($a, $b) { $a & $a }, 'xxxxxxxx')",
                "$string($reduce([1..40], function($a, $b) { [$a, $a] }, 'xxxxxxxx'))",
                "$formatNumber(1, $pad('0', 1000000))",
                "$formatBase(9007199254740991, 2)",
                "$power(10, 308) * 10",
                "$reduce([1..40], function($a, $b) { {'a': $a, 'b': $a} }, 'x')",
                "$string($reduce([1..40], function($a, $b) { {'a': $a, 'b': $a} }, 'x'))",
                "($a := $reduce([1..40], function($a, $b) { {'a': $a, 'b': $a} }, 'x'); $a = $a)",
                "$distinct([1..900000])",
                "$replace($pad('x', 20000), /x/, $pad('$0', 20000, '$0'))",
                "$fromMillis(8640000000000001)",
                "$toMillis($pad('2', 100000))",
                "$decodeUrl($pad('%25', 90000, '%25'))",
                "$sift($merge($map([1..9000], function($i) { {$string($i): $i} })), function($v) { true })",
                "$sort([1..9000], function($a, $b) { $random() > 0.5 })",
            })
    void anExpressionWithAnExcessiveResultFailsOrIsBounded(String expression) {
        assertThat(evaluated(expression)).isNotNull();
    }

    private static final List<String> GOOD =
            List.of(
                    "$states.input.orderId & ':reservation'",
                    "$x[0] = 1 and $count($x) > 2 or $not($exists($y))",
                    "{'a': $states.input.a, 'b': [1..3].($ * 2)}",
                    "$map([1,2,3], function($v, $i) { $v + $i })[$ > 2]",
                    "$sum(items.(price * quantity))^(>price, <quantity)",
                    "($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(5))",
                    "$replace('a-b', /-/, '+') ~> $uppercase",
                    "$merge([{'a': 1}, {'b': 2}]).*",
                    "$parse('{\"a\":[1,2]}').a[-1]",
                    "$partition([1..10], 3)[0] ~> $join(',')",
                    "$hash('x', 'SHA-256') & $string($range(1, 9, 2))",
                    "$fromMillis(1767225600000, '[Y]-[M01]-[D01]') & $formatNumber(1234.5, '#,##0.00')",
                    "$lookup({'a': {'b': [{'c': 1}]}}, 'a').b.c",
                    "items{sku: $sum(quantity)} ~> |$|{'x': 1}|");

    @Test
    void everyHostileExpressionIsEvaluatedOrFailsItsState() {
        var results =
                HostileJson.run(
                        "expressions",
                        20_261_128,
                        4_000,
                        HostileExpressionsTest::mixed,
                        (expression, _, outcomes) -> {
                            var unused = JsonataExpressions.syntaxError(expression);
                            var result =
                                    JsonataExpressions.evaluate(
                                            expression, BINDINGS, Duration.ofMillis(300));
                            outcomes.accept(result.getClass().getSimpleName());
                        });
        assertThat(results)
                .containsOnlyKeys("ExpressionValue", "ExpressionUndefined", "ExpressionFailed");
    }

    private static final Map<String, Object> BINDINGS =
            Map.of(
                    "states", Map.of("input", Map.of("orderId", "1", "a", 2)),
                    "x", List.of(1, 2, 3),
                    "items", List.of(Map.of("price", 1, "quantity", 2, "sku", "A")));

    /// Tokens of valid expressions in random order, mixed with hostile texts and numbers.
    private static String mixed(HostileJson hostile) {
        var tokens = new ArrayList<>(List.of(hostile.oneOf(GOOD).split("(?<=\\W)|(?=\\W)")));
        int changes = hostile.oneOf(List.of(1, 1, 1, 2, 3));
        for (int change = 0; change < changes; change++) {
            var other = List.of(hostile.oneOf(GOOD).split("(?<=\\W)|(?=\\W)"));
            var at = tokens.indexOf(hostile.oneOf(tokens));
            switch (hostile.oneOf(List.of(0, 1, 2, 3, 4, 5))) {
                case 0 -> tokens.set(at, hostile.oneOf(other));
                case 1 -> tokens.add(at, hostile.oneOf(other));
                case 2 ->
                        tokens.set(
                                at,
                                hostile.oneOf(
                                        List.of(
                                                "1e9", "-1", "1e400", "''", "/a*/", "$$", "%",
                                                "@$i", "#$j", "**")));
                case 3 -> tokens.set(at, "'" + hostile.text() + "'");
                case 4 -> tokens.addAll(at, other);
                default -> {
                    if (tokens.size() > 1) {
                        tokens.remove(at);
                    }
                }
            }
        }
        return String.join("", tokens);
    }
}
