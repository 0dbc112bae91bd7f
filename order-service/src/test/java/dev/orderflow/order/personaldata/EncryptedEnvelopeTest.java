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
    void anEnvelopeIsDecryptedWithItsContext() {
        var envelope = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
        assertThat(EncryptedEnvelope.dataKeyId(envelope)).isEqualTo(KEY.id());
        assertThat(EncryptedEnvelope.decrypt(KEY, envelope, "orders/1")).isEqualTo(TEXT);
        assertThat(new String(envelope, UTF_8)).doesNotContain("James");
    }

    @Test
    void theSamePlaintextNeverHasTheSameCiphertext() {
        var nonces = new HashSet<String>();
        for (int i = 0; i < 1000; i++) {
            var envelope = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
            nonces.add(Arrays.toString(Arrays.copyOfRange(envelope, 17, 29)));
        }
        assertThat(nonces).hasSize(1000);
    }

    @Test
    void anEnvelopeCannotBeDecryptedWithAnotherContext() {
        var envelope = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptedEnvelope.decrypt(KEY, envelope, "orders/2"))
                .withMessage("the envelope of orders/2 was altered or belongs to another row");
    }

    @Test
    void anEnvelopeWithAnyFlippedBitCannotBeDecrypted() {
        var envelope = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
        for (int at = 0; at < envelope.length; at++) {
            var altered = envelope.clone();
            altered[at] ^= 1;
            assertThatIllegalArgumentException()
                    .as("byte %d", at)
                    .isThrownBy(() -> EncryptedEnvelope.decrypt(KEY, altered, "orders/1"));
        }
    }

    @Test
    void anEnvelopeThatIsTooShortOrOfAnotherVersionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptedEnvelope.dataKeyId(new byte[3]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptedEnvelope.dataKeyId(new byte[100]));
    }

    @Test
    void aKeyWithTheSameIdAndOtherBytesDecryptsNothing() {
        var other = new byte[DataKey.BYTES];
        other[0] = 1;
        var envelope = EncryptedEnvelope.encrypt(KEY, TEXT, "orders/1");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                EncryptedEnvelope.decrypt(
                                        DataKey.of(KEY.id(), other), envelope, "orders/1"));
    }
}
