package dev.orderflow.localcloud.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Message digests.
public final class Digests {

    private Digests() {}

    /// Creates a digest.
    ///
    /// @param algorithm an algorithm that every JDK has, such as `MD5` or `SHA-256`
    /// @throws IllegalArgumentException if the algorithm does not exist
    public static MessageDigest create(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("unknown digest algorithm " + algorithm, e);
        }
    }

    /// The digest of a text in UTF-8, in lower-case hexadecimal digits.
    public static String hex(String algorithm, String text) {
        return HexFormat.of()
                .formatHex(create(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
