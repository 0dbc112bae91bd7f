package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.text.Sha256;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// Why a message is dead.
///
/// @param fingerprint equal for messages that failed alike
/// @param reason for a person
/// @param saidBy who says so
public record FailureCause(String fingerprint, String reason, CauseSource saidBy) {

    /// Who knows why.
    public enum CauseSource {
        /// The consumer that gave it up, in the message's attributes.
        CONSUMER,
        /// EventBridge, which could not deliver it.
        RULE,
        /// Nobody: it used up its receives, and the console puts alike messages together.
        NOBODY
    }

    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{4,64}");
    private static final Pattern E_MAIL = Pattern.compile("\\S+@\\S+");
    private static final int LONGEST_REASON = 300;

    static FailureCause of(
            String queue, Map<String, String> attributes, RedactedContents contents) {
        var reason = attributes.get("reason");
        var fingerprint = attributes.get("fingerprint");
        if (reason != null && fingerprint != null && FINGERPRINT.matcher(fingerprint).matches()) {
            return new FailureCause(fingerprint, shown(reason), CauseSource.CONSUMER);
        }
        var rule = attributes.get("RULE_ARN");
        if (rule != null) {
            var code = attributes.getOrDefault("ERROR_CODE", "unknown");
            var why = attributes.getOrDefault("ERROR_MESSAGE", "");
            var target = attributes.getOrDefault("TARGET_ARN", "unknown");
            return new FailureCause(
                    fingerprint(CauseSource.RULE, rule, target, code),
                    shown(
                            "rule "
                                    + last(rule, '/')
                                    + " to "
                                    + last(target, ':')
                                    + ": "
                                    + code
                                    + " "
                                    + why),
                    CauseSource.RULE);
        }
        var version = contents.shown().getOrDefault("schemaVersion", "unknown");
        return new FailureCause(
                fingerprint(CauseSource.NOBODY, queue, contents.type(), version),
                "used up its receives; its consumer's log knows why (put together here by type %s, version %s)"
                        .formatted(contents.type(), version),
                CauseSource.NOBODY);
    }

    /// Fit for a terminal and without what looks like somebody's address.
    private static String shown(String reason) {
        var clean =
                E_MAIL.matcher(reason.replaceAll("[^\\x20-\\x7E]", "?"))
                        .replaceAll("(withheld)")
                        .strip();
        return clean.length() <= LONGEST_REASON
                ? clean
                : clean.substring(0, LONGEST_REASON) + "...";
    }

    private static String last(String arn, char separator) {
        return arn.substring(arn.lastIndexOf(separator) + 1);
    }

    /// As JSON, because the attributes of a message may contain any separator: no message gets the
    /// fingerprint of others by the way its values are split.
    private static String fingerprint(CauseSource source, String... values) {
        return Sha256.hex(JsonMapper.shared().writeValueAsString(List.of(source, values)))
                .substring(0, 12);
    }
}
