package dev.orderflow.localcloud.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The token by which the next page of a list is read. It is signed, so that one that was never
/// given out, or that another list gave out, is refused as AWS refuses it instead of ending the
/// list without an error.
public final class PageToken {

    private static final int SIGNATURE_BYTES = 16;
    private static final SecretKeySpec KEY = newKey();

    private PageToken() {}

    private static SecretKeySpec newKey() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    /// @param list which list it continues, for example `sqs:QueueUrls`
    /// @param position where the next page begins
    public static String encode(String list, String position) {
        var text = position.getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder()
                .encodeToString(
                        ByteBuffer.allocate(SIGNATURE_BYTES + text.length)
                                .put(sign(list, text))
                                .put(text)
                                .array());
    }

    /// @return the position that [#encode] was given
    /// @throws IllegalArgumentException when this list has not given out the token
    public static String decode(String list, String token) {
        var bytes = Base64.getUrlDecoder().decode(token);
        if (bytes.length < SIGNATURE_BYTES) {
            throw new IllegalArgumentException("too short for a token");
        }
        var text = Arrays.copyOfRange(bytes, SIGNATURE_BYTES, bytes.length);
        if (!MessageDigest.isEqual(sign(list, text), Arrays.copyOf(bytes, SIGNATURE_BYTES))) {
            throw new IllegalArgumentException("not a token of the list " + list);
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private static byte[] sign(String list, byte[] text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(KEY);
            var name = list.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
            mac.update(name);
            return Arrays.copyOf(mac.doFinal(text), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
