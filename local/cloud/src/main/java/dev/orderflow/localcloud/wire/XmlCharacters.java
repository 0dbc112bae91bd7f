package dev.orderflow.localcloud.wire;

import java.util.regex.Pattern;

/// The [characters](https://www.w3.org/TR/REC-xml/#charsets) that XML 1.0 can represent, which are
/// not most control characters.
public final class XmlCharacters {

    private static final Pattern ILLEGAL =
            Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    private XmlCharacters() {}

    /// The text with the replacement character U+FFFD in place of each character that XML cannot
    /// represent.
    public static String replaceIllegal(String text) {
        return ILLEGAL.matcher(text).replaceAll("\uFFFD");
    }
}
