package dev.orderflow.localrun;

import java.security.SecureRandom;
import java.util.HexFormat;

/// Keys and passwords that are valid for one run.
public final class RandomKey {

    private static final int BYTES = 24;

    private RandomKey() {}

    /// A new key of 48 hexadecimal digits.
    public static String generate() {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
