package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.localcloud.stepfunctions.JsonataExpressions.ExpressionResult;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodePointFunctionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    $substring("😀b", 1) | "b"
                    $substring("😀b", 0, 1) | "😀"
                    $substring("a😀b", -2) | "😀b"
                    $substring("a😀b", -2, 1) | "😀"
                    $substring("a😀b", -9) | "a😀b"
                    $substring("a😀b", 5) | ""
                    $substring("a😀b", 1, 9) | "😀b"
                    $substring("a😀b", 1, 0) | ""
                    $substring("a😀b", 1, -1) | ""
                    $substring("hello", 1.7, 2) | "el"
                    $substring("hello", 3, 1.5) | "l"
                    $length("😀b") | 2
                    $length("") | 0
                    $pad("😀", 3) | "😀  "
                    $pad("😀", -3, "é") | "éé😀"
                    $pad("a", 4, "😀b") | "a😀b😀"
                    $pad("abc", 2) | "abc"
                    "ab" ~> $substring(1) | "b"
                    ["😀b"].$substring(1) | "b"
                    ["😀b"].$length() | 2
                    """)
    void charactersAreCodePoints(String expression, String value) {
        assertThat(JsonataExpressions.evaluate(expression, Map.of()))
                .isEqualTo(new ExpressionResult.ExpressionValue(StepFunctionsJson.parse(value)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"$length(1)", "$substring(\"a\", \"b\")"})
    void argumentsOfAnotherTypeAreReportedAsByJsonata(String expression) {
        assertThat(JsonataExpressions.evaluate(expression, Map.of()))
                .isInstanceOfSatisfying(
                        ExpressionResult.ExpressionFailed.class,
                        failed ->
                                assertThat(failed.tail()).contains("T0410").doesNotContain("null"));
    }
}
