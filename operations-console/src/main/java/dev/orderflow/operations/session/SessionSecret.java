package dev.orderflow.operations.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The random value of a session cookie, which only the browser keeps. From it follow the id of the
/// session in the database, the key that encrypts its tokens there, and its CSRF token; none of
/// these tells the value.
final class SessionSecret {

    private static final int LENGTH = 32;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final byte[] value;

    private SessionSecret(byte[] value) {
        this.value = value;
    }

    static SessionSecret generate() {
        var random = new byte[LENGTH];
        RANDOM.nextBytes(random);
        return new SessionSecret(random);
    }

    /// @return empty when the text has not the form of a session cookie
    static Optional<SessionSecret> parse(String cookie) {
        return FORM.matcher(cookie).matches()
                ? Optional.of(new SessionSecret(Base64.getUrlDecoder().decode(cookie)))
                : Optional.empty();
    }

    String cookieValue() {
        return ENCODER.encodeToString(value);
    }

    /// The id of the session in the database.
    String id() {
        return HexFormat.of().formatHex(derive("id"));
    }

    /// Sent with each request that changes something.
    String csrfToken() {
        return ENCODER.encodeToString(derive("csrf"));
    }

    boolean acceptsCsrfToken(@Nullable String sent) {
        return MessageDigest.isEqual(
                csrfToken().getBytes(StandardCharsets.US_ASCII),
                (sent == null ? "" : sent).getBytes(StandardCharsets.UTF_8));
    }

    byte[] encrypt(String text) {
        var nonce = new byte[NONCE_LENGTH];
        RANDOM.nextBytes(nonce);
        try {
            var encrypted =
                    cipher(Cipher.ENCRYPT_MODE, nonce)
                            .doFinal(text.getBytes(StandardCharsets.UTF_8));
            var stored = Arrays.copyOf(nonce, NONCE_LENGTH + encrypted.length);
            System.arraycopy(encrypted, 0, stored, NONCE_LENGTH, encrypted.length);
            return stored;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// @throws IllegalStateException when another secret encrypted it, or it was changed
    String decrypt(byte[] stored) {
        try {
            return new String(
                    cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(stored, NONCE_LENGTH))
                            .doFinal(stored, NONCE_LENGTH, stored.length - NONCE_LENGTH),
                    StandardCharsets.UTF_8);
        } catch (GeneralSecurityException invalid) {
            throw new IllegalStateException(
                    "the tokens of the session cannot be decrypted", invalid);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(derive("tokens"), "AES"),
                new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private byte[] derive(String purpose) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(value, "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Omits the value.
    @Override
    public String toString() {
        return "SessionSecret[…]";
    }
}
