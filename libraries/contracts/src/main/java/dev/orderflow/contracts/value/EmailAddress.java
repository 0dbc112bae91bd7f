package dev.orderflow.contracts.value;

import java.util.regex.Pattern;

/// The address of one mailbox that Amazon SES delivers to. Personal data: it is not logged.
///
/// It is a `Mailbox` of RFC 5321, section 4.1.2, with a dot-string before the `@` and a domain name
/// of at least two labels behind it (RFC 1035, section 2.3.4; a label may begin with a digit, RFC
/// 1123, section 2.1). Not supported are forms that SES rejects or customers do not use: quoted
/// local parts, address literals, host names without domain, and non-ASCII characters. SES accepts
/// international domains as Punycode (`xn--…`) and only ASCII before the `@`.
///
/// @param value at most 254 characters, 64 of them before the `@` and 63 in each label
public record EmailAddress(String value) {

    /// The maximum length of an address (RFC 5321, section 4.5.3.1.3, without its brackets).
    public static final int MAX_LENGTH = 254;

    private static final int MAX_LOCAL_PART_LENGTH = 64;

    private static final Pattern DOT_STRING =
            Pattern.compile(
                    "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++)*+");

    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    public EmailAddress {
        if (value.length() > MAX_LENGTH) {
            throw invalid("must have at most " + MAX_LENGTH + " characters");
        }
        if (!value.chars().allMatch(character -> character < 128)) {
            throw invalid(
                    "must be in ASCII; write a domain of other characters as Punycode (xn--…)");
        }
        int at = value.lastIndexOf('@');
        if (at < 0 || at != value.indexOf('@')) {
            throw invalid("must be one address such as ada@example.org");
        }
        requireLocalPart(value.substring(0, at));
        requireDomain(value.substring(at + 1));
    }

    private static void requireLocalPart(String localPart) {
        if (localPart.length() > MAX_LOCAL_PART_LENGTH) {
            throw invalid(
                    "must have at most " + MAX_LOCAL_PART_LENGTH + " characters before the @");
        }
        if (!DOT_STRING.matcher(localPart).matches()) {
            throw invalid(
                    "must have letters, digits and single dots or other allowed signs before the @,"
                            + " beginning and ending with no dot");
        }
    }

    private static void requireDomain(String domain) {
        var labels = domain.split("\\.", -1);
        for (var label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw invalid(
                        "must have a domain of labels of 1 to 63 letters, digits and inner hyphens");
            }
        }
        if (labels.length < 2 || !Character.isLetter(labels[labels.length - 1].charAt(0))) {
            throw invalid("must have a domain that ends with a top-level domain such as .org");
        }
    }

    private static InvalidValueException invalid(String rule) {
        return new InvalidValueException("email", rule);
    }

    /// Leaves the address out.
    @Override
    public String toString() {
        return "EmailAddress[…]";
    }
}
