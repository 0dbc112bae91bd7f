package dev.orderflow.order.personaldata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EncryptedEnvelopeTest {

    private static final DataKey KEY = DataKey.of(UUID.randomUUID(), new byte[DataKey.BYTES]);
    private static final byte[] TEXT = "12 St James Square".getBytes(UTF_8);

    @Test
    void whatWasSealedOpensInItsContext() {
        var box = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
        assertThat(EncryptedEnvelope.dataKeyId(box)).isEqualTo(KEY.id());
        assertThat(EncryptedEnvelope.decrypt(KEY, box, "orders/1")).isEqualTo(TEXT);
        assertThat(new String(box, UTF_8)).doesNotContain("James");
    }

    @Test
    void theSameTextIsNeverSealedAlike() {
        var nonces = new HashSet<String>();
        for (int i = 0; i < 1000; i++) {
            var box = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
            nonces.add(Arrays.toString(Arrays.copyOfRange(box, 17, 29)));
        }
        assertThat(nonces).hasSize(1000);
    }

    @Test
    void aBoxDoesNotOpenElsewhere() {
        var box = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptedEnvelope.decrypt(KEY, box, "orders/2"))
                .withMessage("orders/2 was altered, or belongs elsewhere");
    }

    @Test
    void aBoxWithAnyBitTurnedDoesNotOpen() {
        var box = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
        for (int at = 0; at < box.length; at++) {
            var altered = box.clone();
            altered[at] ^= 1;
            assertThatIllegalArgumentException()
                    .as("byte %d", at)
                    .isThrownBy(() -> EncryptedEnvelope.decrypt(KEY, altered, "orders/1"));
        }
    }

    @Test
    void aBoxThatIsTooShortOrOfAnotherVersionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptedEnvelope.dataKeyId(new byte[3]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptedEnvelope.dataKeyId(new byte[100]));
    }

    @Test
    void aKeyOfTheSameNameAndOtherBytesOpensNothing() {
        var other = new byte[DataKey.BYTES];
        other[0] = 1;
        var box = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                EncryptedEnvelope.decrypt(
                                        DataKey.of(KEY.id(), other), box, "orders/1"));
    }
}
