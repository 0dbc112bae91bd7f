package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.delivery.DeadLetterAttributes;
import dev.orderflow.defaults.text.Sha256;
import dev.orderflow.operations.text.RedactedText;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// Why a message was dead-lettered.
///
/// @param fingerprint the same for all messages with the same cause
/// @param reason the cause, as text for operators
/// @param reportedBy what reported the cause
public record FailureCause(String fingerprint, String reason, CauseSource reportedBy) {

    /// What reported the cause.
    public enum CauseSource {
        /// The consumer that rejected the message, in the message's attributes.
        CONSUMER,
        /// EventBridge, which could not deliver the event.
        EVENTBRIDGE,
        /// No cause was reported: the message used up its receives. The console groups such
        /// messages by queue, type and version.
        UNKNOWN
    }

    /// The form of a fingerprint, as a regular expression.
    public static final String FINGERPRINT_REGEX = "[0-9a-f]{4,64}";

    private static final Pattern FINGERPRINT = Pattern.compile(FINGERPRINT_REGEX);

    static FailureCause of(
            String queue, Map<String, String> attributes, RedactedContents contents) {
        var reason = attributes.get(DeadLetterAttributes.REASON);
        var fingerprint = attributes.get(DeadLetterAttributes.FINGERPRINT);
        if (reason != null && fingerprint != null && FINGERPRINT.matcher(fingerprint).matches()) {
            return new FailureCause(fingerprint, RedactedText.of(reason), CauseSource.CONSUMER);
        }
        var rule = attributes.get("RULE_ARN");
        if (rule != null) {
            var code = attributes.getOrDefault("ERROR_CODE", "unknown");
            var message = attributes.getOrDefault("ERROR_MESSAGE", "");
            var target = attributes.getOrDefault("TARGET_ARN", "unknown");
            return new FailureCause(
                    fingerprint(CauseSource.EVENTBRIDGE, rule, target, code),
                    RedactedText.of(
                            "rule "
                                    + substringAfterLast(rule, '/')
                                    + " to "
                                    + substringAfterLast(target, ':')
                                    + ": "
                                    + code
                                    + " "
                                    + message),
                    CauseSource.EVENTBRIDGE);
        }
        var version = contents.fields().getOrDefault("schemaVersion", "unknown");
        return new FailureCause(
                fingerprint(CauseSource.UNKNOWN, queue, contents.type(), version),
                "received five times without success; see the consumer's log (grouped by type %s, version %s)"
                        .formatted(contents.type(), version),
                CauseSource.UNKNOWN);
    }

    private static String substringAfterLast(String arn, char separator) {
        return arn.substring(arn.lastIndexOf(separator) + 1);
    }

    /// A hash of JSON, because the attributes of a message may contain any separator: values that
    /// are split in another way have another fingerprint.
    private static String fingerprint(CauseSource source, String... values) {
        return Sha256.hex(JsonMapper.shared().writeValueAsString(List.of(source, values)))
                .substring(0, 12);
    }
}
