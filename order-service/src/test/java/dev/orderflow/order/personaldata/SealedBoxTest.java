package dev.orderflow.order.personaldata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SealedBoxTest {

    private static final DataKey KEY = DataKey.of(UUID.randomUUID(), new byte[DataKey.BYTES]);
    private static final byte[] TEXT = "12 St James Square".getBytes(UTF_8);

    @Test
    void whatWasSealedOpensInItsContext() {
        var box = SealedBox.seal(KEY, TEXT, "orders/1");
        assertThat(SealedBox.keyOf(box)).isEqualTo(KEY.id());
        assertThat(SealedBox.open(KEY, box, "orders/1")).isEqualTo(TEXT);
        assertThat(new String(box, UTF_8)).doesNotContain("James");
    }

    @Test
    void theSameTextIsNeverSealedAlike() {
        var nonces = new HashSet<String>();
        for (int i = 0; i < 1000; i++) {
            var box = SealedBox.seal(KEY, TEXT, "orders/1");
            nonces.add(Arrays.toString(Arrays.copyOfRange(box, 17, 29)));
        }
        assertThat(nonces).hasSize(1000);
    }

    @Test
    void aBoxDoesNotOpenElsewhere() {
        var box = SealedBox.seal(KEY, TEXT, "orders/1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealedBox.open(KEY, box, "orders/2"))
                .withMessage("orders/2 was altered, or belongs elsewhere");
    }

    @Test
    void aBoxWithAnyBitTurnedDoesNotOpen() {
        var box = SealedBox.seal(KEY, TEXT, "orders/1");
        for (int at = 0; at < box.length; at++) {
            var altered = box.clone();
            altered[at] ^= 1;
            assertThatIllegalArgumentException()
                    .as("byte %d", at)
                    .isThrownBy(() -> SealedBox.open(KEY, altered, "orders/1"));
        }
    }

    @Test
    void aBoxThatIsTooShortOrOfAnotherVersionIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SealedBox.keyOf(new byte[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> SealedBox.keyOf(new byte[100]));
    }

    @Test
    void aKeyOfTheSameNameAndOtherBytesOpensNothing() {
        var other = new byte[DataKey.BYTES];
        other[0] = 1;
        var box = SealedBox.seal(KEY, TEXT, "orders/1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealedBox.open(DataKey.of(KEY.id(), other), box, "orders/1"));
    }
}
