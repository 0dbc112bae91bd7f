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

/// The format of everything that is sealed: AES-256-GCM under one data key.
///
/// | bytes | what |
/// |---|---|
/// | 1 | the version of this format, 1 |
/// | 16 | the id of the data key |
/// | 12 | a nonce |
/// | n | the ciphertext, as long as the text |
/// | 16 | the tag that authenticates all of it |
///
/// The nonce is random and never chosen otherwise. Two equal nonces under one key would give the
/// key's authentication away; [PersonalDataProperties] bounds the uses of a key far below the 2³²
/// up to which NIST SP 800-38D (8.3) calls random nonces safe.
///
/// The first 17 bytes and the *context* are authenticated with the text. The context says what is
/// sealed and whose it is, so a box that is moved to another row or column does not open there.
final class EncryptedEnvelope {

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 1 + 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private EncryptedEnvelope() {}

    /// Seals a text.
    ///
    /// @param context the same when it is opened, for example `orders.personal_data/<order id>`
    static byte[] encrypt(DataKey key, byte[] text, String context) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        var header = header(key.id());
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, header, context).doFinal(text);
            return ByteBuffer.allocate(HEADER_BYTES + NONCE_BYTES + sealed.length)
                    .put(header)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException everyJdkCan) {
            throw new IllegalStateException(everyJdkCan);
        }
    }

    /// The data key that opens a box.
    ///
    /// @throws IllegalArgumentException when it is no box of this format
    static UUID dataKeyId(byte[] box) {
        if (box.length < HEADER_BYTES + NONCE_BYTES + TAG_BITS / 8 || box[0] != VERSION) {
            throw new IllegalArgumentException("not sealed in a format that is known");
        }
        var id = ByteBuffer.wrap(box, 1, 16);
        return new UUID(id.getLong(), id.getLong());
    }

    /// Opens a box.
    ///
    /// @throws IllegalArgumentException when the box was altered, or was sealed for another context
    ///     or by another key
    static byte[] decrypt(DataKey key, byte[] box, String context) {
        if (!dataKeyId(box).equals(key.id())) {
            throw new IllegalArgumentException("sealed under another key than " + key);
        }
        var nonce = Arrays.copyOfRange(box, HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
        int begin = HEADER_BYTES + NONCE_BYTES;
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, header(key.id()), context)
                    .doFinal(box, begin, box.length - begin);
        } catch (AEADBadTagException _) {
            throw new IllegalArgumentException(
                    "%s was altered, or belongs elsewhere".formatted(context));
        } catch (GeneralSecurityException everyJdkCan) {
            throw new IllegalStateException(everyJdkCan);
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
