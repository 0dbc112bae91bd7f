package dev.orderflow.operations.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailureCauseTest {

    private static final String QUEUE = "shipping-requests-dlq";

    @Test
    void messagesWithTheSameCauseHaveTheSameFingerprint() {
        assertThat(byRule("rule/a", "sqs:b", "NO_PERMISSIONS"))
                .isEqualTo(byRule("rule/a", "sqs:b", "NO_PERMISSIONS"));
        assertThat(byConsole("OrderShipped", 1)).isEqualTo(byConsole("OrderShipped", 1));
    }

    @Test
    void eachDifferentValueGivesAnotherFingerprint() {
        assertThat(
                        Stream.of(
                                byRule("rule/a", "sqs:b", "NO_PERMISSIONS"),
                                byRule("rule/b", "sqs:b", "NO_PERMISSIONS"),
                                byRule("rule/a", "sqs:c", "NO_PERMISSIONS"),
                                byRule("rule/a", "sqs:b", "SDK_CLIENT_ERROR"),
                                byConsole("OrderShipped", 1),
                                byConsole("OrderShipped", 2),
                                byConsole("OrderCancelled", 1)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aValueWithASeparatorDoesNotGiveTheFingerprintOfOtherMessages() {
        for (var separator : new String[] {"\n", ",", "\",\"", "\0", "\\"}) {
            assertThat(byRule("a" + separator + "b", "c", "d"))
                    .as("separator %s", separator)
                    .isNotEqualTo(byRule("a", "b" + separator + "c", "d"))
                    .isNotEqualTo(byRule("a", "b", "c" + separator + "d"));
        }
    }

    @Test
    void attributesOfARuleDoNotGiveTheFingerprintOfMessagesWithoutAttributes() {
        assertThat(byRule(QUEUE, "OrderShipped", "1")).isNotEqualTo(byConsole("OrderShipped", 1));
    }

    private static String byRule(String rule, String target, String code) {
        return fingerprint(
                Map.of("RULE_ARN", rule, "TARGET_ARN", target, "ERROR_CODE", code), "{}");
    }

    private static String byConsole(String type, int version) {
        return fingerprint(
                Map.of(),
                """
                {"detail-type": "%s", "detail": {"schemaVersion": %d}}
                """
                        .formatted(type, version));
    }

    private static String fingerprint(Map<String, String> attributes, String body) {
        return FailureCause.of(QUEUE, attributes, RedactedContents.of(body)).fingerprint();
    }
}
