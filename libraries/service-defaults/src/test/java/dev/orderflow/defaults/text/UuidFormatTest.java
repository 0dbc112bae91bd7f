package dev.orderflow.defaults.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UuidFormatTest {

    @Test
    void anIdIsReadInEitherCase() {
        var id = UUID.randomUUID();
        assertThat(UuidFormat.parse(id.toString())).contains(id);
        assertThat(UuidFormat.parse(id.toString().toUpperCase(Locale.ROOT))).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "0000000-00000-0000-0000-000000000000",
                "00000000-0000-0000-0000-00000000000g",
                "00000000-0000-0000-0000-0000000000000",
                " 00000000-0000-0000-0000-000000000000",
                "00000000-0000-0000-0000-000000000000\n",
                "0000000０-0000-0000-0000-000000000000"
            })
    void spellingsThatOnlyJavaAcceptsAreInvalid(String text) {
        assertThat(UuidFormat.parse(text)).isEmpty();
    }
}
