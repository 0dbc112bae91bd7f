package dev.orderflow.defaults.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Sha256Test {

    /// The examples of FIPS 180-2, appendix B.
    @Test
    void digestsAreThoseOfTheStandard() {
        assertThat(Sha256.hex("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
                .hasSize(64);
        assertThat(Sha256.hex(new byte[0]))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void aTextIsDigestedAsUtf8() {
        assertThat(Sha256.hex("Zoë")).isEqualTo(Sha256.hex(new byte[] {'Z', 'o', -61, -85}));
    }
}
