package dev.orderflow.localcloud.iam;

/// Matches policy patterns: `*` stands for any characters, `?` for one character.
///
/// See "Resource" among the policy elements in the IAM user guide.
final class WildcardMatcher {

    /// Stand in a pattern for the characters themselves; no request has them.
    private static final char LITERAL_STAR = '\uE000';

    private static final char LITERAL_QUESTION_MARK = '\uE001';

    private WildcardMatcher() {}

    /// A pattern that matches this text alone.
    static String literal(String text) {
        return text.replace('*', LITERAL_STAR).replace('?', LITERAL_QUESTION_MARK);
    }

    private static boolean matchesOne(char pattern, char text) {
        return switch (pattern) {
            case '?' -> true;
            case LITERAL_STAR -> text == '*';
            case LITERAL_QUESTION_MARK -> text == '?';
            default -> pattern == text;
        };
    }

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
            } else if (p < pattern.length() && matchesOne(pattern.charAt(p), text.charAt(t))) {
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
