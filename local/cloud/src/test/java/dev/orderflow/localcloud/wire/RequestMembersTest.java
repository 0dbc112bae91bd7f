package dev.orderflow.localcloud.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RequestMembersTest {

    @Test
    void aTimestampIsReadFromSecondsAndFromText() {
        var expected = Instant.parse("2026-11-29T08:30:00.250Z");
        assertThat(members("1795941000.250").requiredTimestamp("Time")).isEqualTo(expected);
        assertThat(members("\"2026-11-29T08:30:00.250Z\"").requiredTimestamp("Time"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1e400", "1000e2147483647", "1e12", "true", "\"yesterday\""})
    void aTimestampThatIsNoTimeIsRejected(String json) {
        assertThatThrownBy(() -> members(json).timestamp("Time"))
                .isInstanceOf(AwsErrorException.class)
                .hasMessage("Parameter Time of PutEvents must be a timestamp");
    }

    private static RequestMembers members(String time) {
        return RequestMembers.of(
                "PutEvents",
                (ObjectNode) JsonMapper.shared().readTree("{\"Time\":%s}".formatted(time)),
                AwsErrorException::validation,
                Set.of("Time"));
    }
}
