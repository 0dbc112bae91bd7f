package dev.orderflow.defaults.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RedactedExceptionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "invalid input syntax for type uuid: \"Ada Lovelace\"",
                "no such person: 'Ada Lovelace'",
                "refused: {\"name\":\"Ada Lovelace\"}",
                "cut off: \"Ada Lovelace",
                "nested \"says \"Ada\" Lovelace\" at line 3",
                "mail to Ada.Lovelace@example.org bounced"
            })
    void quotedValuesAreRemovedFromMessages(String message) {
        assertThat(RedactedException.redact(message))
                .doesNotContain("Ada", "Lovelace")
                .contains("…");
    }

    @Test
    void databaseErrorsKeepTheNamesOfTheSchema() {
        assertThat(
                        RedactedException.redact(
                                "new row for relation \"orders\" violates check constraint"
                                        + " \"is_full\": (\"Ada\", \"Lovelace\")"))
                .isEqualTo("new row for relation orders violates check constraint is_full: (…)");
        assertThat(RedactedException.redact("no constraint \"Ada Lovelace\""))
                .isEqualTo("no constraint …");
    }

    @Test
    void wordsTypesStackTracesAndCausesAreKept() {
        var failure =
                new IllegalStateException(
                        "can't go on", new IllegalArgumentException("bad value \"Lovelace\" here"));
        var shown = new StringWriter();
        RedactedException.of(failure).printStackTrace(new PrintWriter(shown));
        assertThat(shown.toString())
                .contains(
                        "java.lang.IllegalStateException: can't go on",
                        "RedactedExceptionTest.wordsTypesStackTracesAndCausesAreKept",
                        "Caused by: java.lang.IllegalArgumentException: bad value … here")
                .doesNotContain("Lovelace");
    }

    @Test
    void messagesOfJacksonContainNoValue() {
        try {
            JsonMapper.shared().readValue("{\"id\":\"Ada Lovelace\"}", RecordWithId.class);
        } catch (RuntimeException failure) {
            assertThat(failure.getMessage()).contains("Ada Lovelace");
            assertThat(RedactedException.of(failure).getMessage())
                    .doesNotContain("Ada", "Lovelace");
            return;
        }
        throw new AssertionError("a name was taken for an id");
    }

    private record RecordWithId(UUID id) {}
}
