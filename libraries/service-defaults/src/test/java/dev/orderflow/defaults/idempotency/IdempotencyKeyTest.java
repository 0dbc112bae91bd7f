package dev.orderflow.defaults.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.defaults.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @ParameterizedTest
    @ValueSource(strings = {"7f3c", "\"7f3c\""})
    void aKeyIsTheSameWithAndWithoutQuotes(String header) {
        assertThat(IdempotencyKey.require(header).value()).isEqualTo("7f3c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"01a2075e-2d34:authorization", "!#$%&'()*+-./:<=>?@[]^_`{|}~", "k"})
    void aKeyConsistsOfVisibleCharacters(String header) {
        assertThat(IdempotencyKey.require(header).value()).isEqualTo(header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"abc", "abc\"", "\"", "\"\"", "\"\"a\"\"", "a\"b", "\"a\\\"b\"", "k,k", "k, k",
                "\"k\",\"k\"", "\"k\", \"k\"", "k;a=1", "a\\b", "a b", "\"a b\"", " ", "ä", "a\tb"
            })
    void anInvalidKeyIsRefused(String header) {
        assertThatThrownBy(() -> IdempotencyKey.require(header)).isInstanceOf(Problem.class);
    }

    @Test
    void aKeyHasAtMost255Characters() {
        assertThat(IdempotencyKey.require("x".repeat(255)).value()).hasSize(255);
        assertThat(IdempotencyKey.require("\"" + "x".repeat(255) + "\"").value()).hasSize(255);
        assertThatThrownBy(() -> IdempotencyKey.require("x".repeat(256)))
                .isInstanceOf(Problem.class);
    }
}
