package dev.orderflow.localcloud.iam;

/// Matches policy patterns: `*` stands for any characters, `?` for one character.
///
/// See
/// Resource.
final class WildcardMatcher {

    private WildcardMatcher() {}

    /// Whether the pattern matches the whole text.
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resumeAt = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resumeAt = t;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resumeAt;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /// Whether an action matches; case-insensitive.
    static boolean matchesAction(String pattern, String action) {
        return matches(
                pattern.toLowerCase(java.util.Locale.ROOT),
                action.toLowerCase(java.util.Locale.ROOT));
    }

    /// Whether an ARN matches; each of its six parts is compared separately, as the ARN operators
    /// do.
    static boolean matchesArn(String pattern, String arn) {
        var wanted = pattern.split(":", 6);
        var given = arn.split(":", 6);
        if (wanted.length != 6 || given.length != 6) {
            return matches(pattern, arn);
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!matches(wanted[i], given[i])) {
                return false;
            }
        }
        return true;
    }
}
