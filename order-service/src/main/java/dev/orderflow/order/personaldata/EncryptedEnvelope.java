package dev.orderflow.order.personaldata;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// The format of encrypted values: AES-256-GCM with one data key.
///
/// | bytes | content |
/// |---|---|
/// | 1 | the version of this format, 1 |
/// | 16 | the id of the data key |
/// | 12 | a nonce |
/// | n | the ciphertext, as long as the plaintext |
/// | 16 | the authentication tag |
///
/// The nonce is always random. Two equal nonces under one key would break the authentication;
/// [PersonalDataProperties] limits the uses of a key far below the 2³² up to which NIST SP 800-38D
/// (8.3) calls random nonces safe.
///
/// The first 17 bytes and the *context* are authenticated with the plaintext. The context names the
/// column and the row, so an envelope that is moved to another row or column cannot be decrypted
/// there.
final class EncryptedEnvelope {

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private EncryptedEnvelope() {}

    /// Encrypts a plaintext.
    ///
    /// @param context must be the same for decryption, for example
    ///     `orders.personal_data/<order id>`
    static byte[] encrypt(DataKey key, byte[] plaintext, String context) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        var header = header(key.id());
        try {
            var ciphertext =
                    cipher(Cipher.ENCRYPT_MODE, key, nonce, header, context).doFinal(plaintext);
            return ByteBuffer.allocate(HEADER_BYTES + NONCE_BYTES + ciphertext.length)
                    .put(header)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// The id of the data key that an envelope is encrypted with.
    ///
    /// @throws IllegalArgumentException when it is not an envelope of this format
    static UUID dataKeyId(byte[] envelope) {
        if (envelope.length < HEADER_BYTES + NONCE_BYTES + TAG_BITS / 8 || envelope[0] != VERSION) {
            throw new IllegalArgumentException("not an encrypted envelope of version 1");
        }
        var id = ByteBuffer.wrap(envelope, 1, 16);
        return new UUID(id.getLong(), id.getLong());
    }

    /// Decrypts an envelope.
    ///
    /// @throws IllegalArgumentException when the envelope was altered, or was encrypted for another
    ///     context or with another key
    static byte[] decrypt(DataKey key, byte[] envelope, String context) {
        if (!dataKeyId(envelope).equals(key.id())) {
            throw new IllegalArgumentException("encrypted with another key than " + key);
        }
        var nonce = Arrays.copyOfRange(envelope, HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
        int begin = HEADER_BYTES + NONCE_BYTES;
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, header(key.id()), context)
                    .doFinal(envelope, begin, envelope.length - begin);
        } catch (AEADBadTagException _) {
            throw new IllegalArgumentException(
                    "the envelope of %s was altered or belongs to another row".formatted(context));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Cipher cipher(int mode, DataKey key, byte[] nonce, byte[] header, String context)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] header(UUID key) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(VERSION)
                .putLong(key.getMostSignificantBits())
                .putLong(key.getLeastSignificantBits())
                .array();
    }
}
