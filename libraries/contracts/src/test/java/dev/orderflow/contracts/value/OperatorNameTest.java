package dev.orderflow.contracts.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class OperatorNameTest {

    private static final String LONGEST = "a".repeat(100);

    @ParameterizedTest
    @ValueSource(strings = {"a", "ada@example.com", "Ada Lovelace", "DOMAIN\\ada", "~", "!"})
    void aNameIsAJsonString(String name) {
        var json = JsonMapper.shared().writeValueAsString(new OperatorName(name));
        assertThat(json).startsWith("\"").endsWith("\"");
        assertThat(JsonMapper.shared().readValue(json, OperatorName.class).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " ada",
                "ada ",
                "a\nb",
                "a\tb",
                "a\u0000b",
                "a\u007fb",
                "Zo\u00eb",
                "\u202egrace",
                "a\u2028b",
                "\ud800"
            })
    void aNameThatCannotBeLoggedOrSentIsRefused(String name) {
        assertThatThrownBy(() -> new OperatorName(name))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("operator must be 1 to 100 printable ASCII characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "[]", "{}", "[\"ada\"]", "\"\""})
    void anythingElseInJsonIsRefused(String json) {
        assertThatThrownBy(() -> JsonMapper.shared().readValue(json, OperatorName.class))
                .isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 99, 100})
    void oneToAHundredCharactersAreAccepted(int length) {
        assertThat(new OperatorName(LONGEST.substring(0, length)).value()).hasSize(length);
        assertThatThrownBy(() -> new OperatorName(LONGEST + "a"))
                .isInstanceOf(InvalidValueException.class);
    }
}
