package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Expressions that would never end, or that dig too deep, fail their state and nothing else.
/// [AWS](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html) fails such
/// states with `States.QueryEvaluationError`.
class HostileExpressionsTest {

    private static final String HOSTILE = "a".repeat(60) + "!";

    private static Expressions.Result evaluated(String expression) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () ->
                        Expressions.evaluate(
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
    void whatWouldNeverEndFails(String expression) {
        assertThat(evaluated(expression))
                .isInstanceOfSatisfying(
                        Expressions.Result.Threw.class,
                        threw -> assertThat(threw.tail()).contains("timeout"));
    }

    @Test
    void whatDigsTooDeepFails() {
        assertThat(evaluated("($f := function($n) { 1 + $f($n + 1) }; $f(1))"))
                .isInstanceOfSatisfying(
                        Expressions.Result.Threw.class,
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
    void matchingIsOtherwiseAsJsonataHasIt(String expression, String value) {
        assertThat(Expressions.evaluate(expression, Map.of()))
                .isEqualTo(new Expressions.Result.Value(Json.parse(value)));
    }

    @Test
    void aWrongArgumentIsToldByTheFunctionsName() {
        assertThat(Expressions.evaluate("$match('a/b', 17)", Map.of()))
                .isInstanceOfSatisfying(
                        Expressions.Result.Threw.class,
                        threw -> assertThat(threw.tail()).contains("\"match\""));
    }
}
