package dev.orderflow.defaults.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFormatTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1970-01-01T00:00:00Z",
                "2026-11-29T08:30:00.123456789Z",
                "2026-11-29T08:30:00+02:00",
                "9999-12-31T23:59:59.999999999Z"
            })
    void aTimeBetween1970And9999IsRead(String text) {
        assertThat(TimeFormat.parse(text)).contains(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MIN",
                "yesterday",
                "2026-11-29",
                "2026-13-45T99:99:99Z",
                "1969-12-31T23:59:59.999999999Z",
                "+10000-01-01T00:00:00Z",
                "+300000-01-01T00:00:00Z",
                "-9999-01-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z"
            })
    void otherTextsAndTimesAreInvalid(String text) {
        assertThat(TimeFormat.parse(text)).isEmpty();
    }
}
