package dev.orderflow.localcloud.kms;

import dev.orderflow.localcloud.wire.AwsErrorException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// Encrypts with the material of a key, by AES-GCM. A ciphertext consists of the id of its key, a
/// nonce and the encrypted bytes; the encryption context is authenticated with it.
final class KmsCipher {

    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_ID = 36;

    private final SecureRandom random = new SecureRandom();

    /// @throws AwsErrorException `InvalidCiphertextException` if the text is too short to be one
    static void requireLength(byte[] ciphertext) {
        if (ciphertext.length <= KEY_ID + NONCE) {
            throw invalidCiphertext();
        }
    }

    /// A ciphertext starts with the id of its key.
    static String keyIdOf(byte[] ciphertext) {
        return new String(
                ciphertext, 0, Math.min(KEY_ID, ciphertext.length), StandardCharsets.US_ASCII);
    }

    byte[] encrypt(KmsKey key, byte[] plaintext, Map<String, String> context) {
        var nonce = randomBytes(NONCE);
        var encrypted = cipher(Cipher.ENCRYPT_MODE, key, nonce, plaintext, context);
        return ByteBuffer.allocate(KEY_ID + NONCE + encrypted.length)
                .put(key.id().getBytes(StandardCharsets.US_ASCII))
                .put(nonce)
                .put(encrypted)
                .array();
    }

    static byte[] decrypt(KmsKey key, byte[] ciphertext, Map<String, String> context) {
        var nonce = new byte[NONCE];
        var encrypted = new byte[ciphertext.length - KEY_ID - NONCE];
        ByteBuffer.wrap(ciphertext, KEY_ID, NONCE + encrypted.length).get(nonce).get(encrypted);
        return cipher(Cipher.DECRYPT_MODE, key, nonce, encrypted, context);
    }

    private static byte[] cipher(
            int mode, KmsKey key, byte[] nonce, byte[] text, Map<String, String> context) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.material(), new GCMParameterSpec(TAG_BITS, nonce));
            addContext(cipher, context);
            return cipher.doFinal(text);
        } catch (GeneralSecurityException _) {
            throw invalidCiphertext();
        }
    }

    /// Each text follows its length, so that no two contexts are the same bytes: `{"a":"b=c"}` is
    /// not `{"a=b":"c"}`.
    private static void addContext(Cipher cipher, Map<String, String> context) {
        for (var pair : new TreeMap<>(context).entrySet()) {
            addText(cipher, pair.getKey());
            addText(cipher, pair.getValue());
        }
    }

    private static void addText(Cipher cipher, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        cipher.updateAAD(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        cipher.updateAAD(bytes);
    }

    static AwsErrorException invalidCiphertext() {
        return AwsErrorException.client("InvalidCiphertextException", "");
    }

    byte[] randomBytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
