package dev.orderflow.defaults.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class RequestFingerprintTest {

    private static final JsonMapper STRICT =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"a":1,"b":2} | {"b":2,"a":1}
                    {"a":1,"b":[1,2]} | `  { "b" : [ 1 ,2 ] , "a" : 1 }  `
                    {"a":1} | {"a":1.0}
                    {"a":1} | {"a":10e-1}
                    {"a":100} | {"a":1E+2}
                    {"a":0} | {"a":-0.00}
                    {"a":0} | {"a":0e2147483647}
                    {"a":1000e2147483644} | {"a":1e2147483647}
                    {"a":1000e-2147483647} | {"a":1e-2147483644}
                    {"a":1} | {"a":1,"b":null}
                    {"a":{}} | {"a":{"b":null}}
                    {"a":"é"} | {"a":"\\u00e9"}
                    {"a":"/"} | {"a":"\\/"}
                    {"a":"\\uD83D\\uDE00"} | {"a":"😀"}
                    {"é":1,"z":2} | {"z":2,"\\u00E9":1}
                    """)
    void equivalentRequestsHaveTheSameFingerprint(String one, String other) {
        assertThat(of(one)).isEqualTo(of(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"a":1} | {"a":2}
                    {"a":1} | {"a":"1"}
                    {"a":1} | {"A":1}
                    {"a":1} | {"a":true}
                    {"a":1} | [{"a":1}]
                    {"a":"12.5"} | {"a":"12.50"}
                    {"a":"x"} | {"a":"x "}
                    {"a":[1,2]} | {"a":[2,1]}
                    {"a":[null]} | {"a":[]}
                    {"a":""} | {"a":null}
                    {"a":"null"} | {"a":null}
                    {"a":[]} | {"a":{}}
                    {"a":[[1],[2]]} | {"a":[[1,2]]}
                    {"a":9007199254740993} | {"a":9007199254740992}
                    {"a":1e400} | {"a":1e401}
                    {"a":1000e2147483647} | {"a":100e2147483647}
                    {"a":10e2147483647} | {"a":10e-2147483647}
                    {"a":0.1} | {"a":0.10000000000000000000000001}
                    {"a":"b\\",\\"c\\":\\"d"} | {"a":"b","c":"d"}
                    {"a":"\\uD800"} | {"a":"?"}
                    {"a":"\\uD800"} | {"a":"\\uD801"}
                    {"a":"\\u0000"} | {"a":""}
                    {"a":"\\u00e9"} | {"a":"e\\u0301"}
                    {"a":"\\\\u00e9"} | {"a":"\\u00e9"}
                    """)
    void differentRequestsHaveDifferentFingerprints(String one, String other) {
        assertThat(of(one)).isNotEqualTo(of(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE", "UTF-32"})
    void theCharacterEncodingDoesNotChangeTheFingerprint(String charset) {
        var body = "{\"name\":\"Zoë\"}";
        assertThat(RequestFingerprint.of(body.getBytes(Charset.forName(charset)), STRICT))
                .isEqualTo(of(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":1}",
                "{\"a\":1}{}",
                "{",
                "{\"a\":NaN}",
                "{\"a\":1e2147483649}",
                "{\"a\":1000e-2147483648}"
            })
    void anInvalidRequestHasNoFingerprint(String body) {
        assertThatThrownBy(() -> of(body)).isInstanceOf(JacksonException.class);
    }

    /// Stored fingerprints must match in the next release.
    @Test
    void theFingerprintsOfAPublishedVersionDoNotChange() {
        assertThat(of("{\"b\":[1.50,true,null],\"a\":{\"é\":\"x\"}}").text())
                .isEqualTo("v1:213e2e16ff9d4265afdc74b525df8f9720e4852702e3096c958acc84ab2168ac");
        var stored = RequestFingerprint.ofBytes(of("{}").bytes());
        assertThat(stored).isEqualTo(of("{}"));
        assertThat(stored.text()).matches("v1:[0-9a-f]{64}");
    }

    @Test
    void noRequestHasTheFingerprintOfAnErasedOne() {
        assertThat(of("{}")).isNotEqualTo(RequestFingerprint.ERASED);
        assertThat(of("\"erased\"")).isNotEqualTo(RequestFingerprint.ERASED);
    }

    private static RequestFingerprint of(String body) {
        return RequestFingerprint.of(body.getBytes(StandardCharsets.UTF_8), STRICT);
    }
}
