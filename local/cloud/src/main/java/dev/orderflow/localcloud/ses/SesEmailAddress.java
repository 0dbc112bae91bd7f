package dev.orderflow.localcloud.ses;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Validates e-mail addresses as SES does: `local@domain`, alone or as `Name <local@domain>`.
///
/// SES does not support SMTPUTF8: the local part must be 7-bit ASCII, and a domain with other
/// characters must be in Punycode
/// ([SendEmail](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html)).
final class SesEmailAddress {

    private static final int LONGEST = 320;
    private static final int LONGEST_LOCAL_PART = 64;
    private static final int LONGEST_DOMAIN = 255;
    private static final Pattern QUOTED =
            Pattern.compile("\"(?:[^\"\\\\\\p{Cntrl}]|\\\\[^\\p{Cntrl}])*+\"");
    private static final Pattern LOCAL = Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+");
    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private SesEmailAddress() {}

    /// The reason for which SES rejects the address, null if it is valid.
    static @Nullable String problem(String text) {
        if (text.isBlank()) {
            return "Empty address";
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return "Local address contains control or whitespace";
            }
        }
        var address = text.strip();
        if (address.endsWith(">") && address.lastIndexOf('<') < 0) {
            return "Missing '<'";
        }
        return plain(withoutName(text));
    }

    /// The address of a valid `local@domain` or `Name <local@domain>`, with its domain in lower
    /// case.
    static String normalize(String text) {
        var address = withoutName(text);
        int at = address.lastIndexOf('@');
        return address.substring(0, at) + address.substring(at).toLowerCase(Locale.ROOT);
    }

    /// The address in `Name <local@domain>`, or the text itself.
    private static String withoutName(String text) {
        var address = text.strip();
        return address.endsWith(">")
                ? address.substring(address.lastIndexOf('<') + 1, address.length() - 1)
                : address;
    }

    private static @Nullable String plain(String address) {
        int at = address.lastIndexOf('@');
        if (at < 0) {
            return "Missing final '@domain'";
        }
        var local = address.substring(0, at);
        var domain = address.substring(at + 1);
        if (local.isEmpty()) {
            return "Missing local name";
        }
        if (domain.isEmpty()) {
            return "Missing domain";
        }
        if (address.length() > LONGEST
                || local.length() > LONGEST_LOCAL_PART
                || domain.length() > LONGEST_DOMAIN) {
            return "Address length is more than 320 characters long, its local part more than 64 or"
                    + " its domain more than 255";
        }
        var problem = local(local);
        return problem == null ? domainProblem(domain) : problem;
    }

    private static @Nullable String local(String local) {
        if (local.chars().anyMatch(c -> c > 127)) {
            return "Local address contains non-ASCII characters";
        }
        if (QUOTED.matcher(local).matches()) {
            return null;
        }
        if (local.chars().anyMatch(Character::isWhitespace)) {
            return "Local address contains control or whitespace";
        }
        if (!LOCAL.matcher(local).matches()) {
            return "Local address contains illegal character";
        }
        if (local.startsWith(".")) {
            return "Local address starts with dot";
        }
        if (local.endsWith(".")) {
            return "Local address ends with dot";
        }
        return local.contains("..") ? "Local address contains dot-dot" : null;
    }

    /// The reason for which SES rejects the domain, null if it is valid.
    static @Nullable String domainProblem(String domain) {
        if (domain.chars().anyMatch(Character::isWhitespace)) {
            return "Domain contains control or whitespace";
        }
        if (domain.startsWith(".")) {
            return "Domain starts with dot";
        }
        if (domain.endsWith(".")) {
            return "Domain ends with dot";
        }
        if (domain.contains("..")) {
            return "Domain contains dot-dot";
        }
        for (var label : domain.split("\\.")) {
            if (!LABEL.matcher(label).matches()) {
                return "Domain contains illegal character";
            }
        }
        return null;
    }
}
