package dev.orderflow.localcloud.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlEncodedBodyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INDICES | a%5B0%5D=1&a%5B1%5D=x+y&o%5Bk%5D=true",
                "BRACKETS | a%5B%5D=1&a%5B%5D=x+y&o%5Bk%5D=true",
                "REPEAT | a=1&a=x+y&o%5Bk%5D=true",
                "COMMAS | a=1,x+y&o%5Bk%5D=true"
            })
    void arraysAreEncodedInTheFormatOfTheTransform(String format, String form) {
        var body = StepFunctionsJson.parse("{\"a\":[1,\"x y\"],\"o\":{\"k\":true}}");
        var transform =
                StepFunctionsJson.parse(
                        "{\"RequestBodyEncoding\":\"URL_ENCODED\",\"RequestEncodingOptions\":{\"ArrayFormat\":\"%s\"}}"
                                .formatted(format));
        assertThat(UrlEncodedBody.isWanted(transform)).isTrue();
        assertThat(UrlEncodedBody.of(body, transform)).isEqualTo(form);
    }
}
