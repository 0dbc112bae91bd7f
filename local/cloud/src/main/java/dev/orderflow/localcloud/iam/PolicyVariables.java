package dev.orderflow.localcloud.iam;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts the values of a request in the place of [policy
/// variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
/// such as `${aws:PrincipalAccount}` or `${aws:SourceArn, 'none'}`. `${*}`, `${?}` and `${$}` stand
/// for the character itself.
///
/// Only a policy of version 2012-10-17 has variables; in an older one they are text.
final class PolicyVariables {

    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{([^},]*)(?:,\\s*'([^']*)'\\s*)?}");

    private PolicyVariables() {}

    /// @return the text without variables; empty when the request lacks a value, so that the
    ///     element matches nothing
    static Optional<String> resolve(String text, Map<String, String> keys) {
        return resolve(text, keys, UnaryOperator.identity());
    }

    /// As [#resolve], for a text in which `*` and `?` are wildcards: those of a value are not.
    static Optional<String> resolvePattern(String text, Map<String, String> keys) {
        return resolve(text, keys, WildcardMatcher::literal);
    }

    private static Optional<String> resolve(
            String text, Map<String, String> keys, UnaryOperator<String> quote) {
        if (!text.contains("${")) {
            return Optional.of(text);
        }
        var resolved = new StringBuilder();
        var variable = VARIABLE.matcher(text);
        int end = 0;
        while (variable.find()) {
            var value = value(variable.group(1).strip(), variable.group(2), keys);
            if (value == null) {
                return Optional.empty();
            }
            resolved.append(text, end, variable.start()).append(quote.apply(value));
            end = variable.end();
        }
        return Optional.of(resolved.append(text, end, text.length()).toString());
    }

    private static @Nullable String value(
            String name, @Nullable String otherwise, Map<String, String> keys) {
        if (name.equals("*") || name.equals("?") || name.equals("$")) {
            return name;
        }
        var value = PolicyCondition.find(keys, name);
        return value == null ? otherwise : value;
    }

    /// The names of the variables, but for those that stand for a character.
    static List<String> names(String text) {
        return VARIABLE.matcher(text)
                .results()
                .map(it -> it.group(1).strip())
                .filter(it -> it.length() > 1)
                .toList();
    }
}
