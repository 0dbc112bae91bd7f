package dev.orderflow.localcloud.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CborResponseTest {

    /// `c1 fb` is the tag 1 and a double.
    @Test
    void aTimestampIsANumberWithTagOneAlsoInAList() {
        var answer =
                JsonMapper.shared()
                        .readTree(
                                "{\"Timestamps\":[1.5,2],\"StateUpdatedTimestamp\":3,\"Values\":[1.5]}");
        assertThat(HexFormat.of().formatHex(CborResponse.write(answer)))
                .contains("c1fb3ff8000000000000c1fb4000000000000000")
                .contains("c1fb4008000000000000")
                .endsWith("fb3ff8000000000000ffff");
    }
}
