package dev.orderflow.localcloud.wire;

import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The limits of tags that all services share: keys of 1 to 128 and values of up to 256 letters,
/// digits, spaces and `_ . : / = + - @`; keys must not start with `aws:`.
public final class TagRules {

    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;
    private static final Pattern LEGAL = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private TagRules() {}

    /// @param invalid creates this service's error for an invalid value
    /// @throws AwsErrorException for the first invalid tag
    public static void require(
            Map<String, String> tags, Function<String, AwsErrorException> invalid) {
        tags.forEach((key, value) -> require(key, value, invalid));
    }

    /// Same as above, for one tag.
    public static void require(
            String key, String value, Function<String, AwsErrorException> invalid) {
        if (key.isEmpty() || key.length() > LONGEST_KEY || !LEGAL.matcher(key).matches()) {
            throw invalid.apply(
                    "The tag key is not valid: it has 1 to 128 letters, digits, spaces"
                            + " and characters of _.:/=+-@");
        }
        if (key.startsWith("aws:")) {
            throw invalid.apply("The tag key begins with aws:, which is reserved");
        }
        if (value.length() > LONGEST_VALUE || !LEGAL.matcher(value).matches()) {
            throw invalid.apply(
                    "The tag value is not valid: it has up to 256 letters, digits,"
                            + " spaces and characters of _.:/=+-@");
        }
    }
}
