package dev.orderflow.defaults.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

class InternalApiKeysTest {

    private static final String OLD = "the-old-key-of-a-test";
    private static final String NEW = "the-new-key-of-a-test";

    private final WebApplicationContextRunner service =
            new WebApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(SecurityAutoConfiguration.class))
                    .withPropertyValues(
                            "orderflow.operators.tokens.issuer=https://issuer.example",
                            "orderflow.operators.tokens.audiences[0]=operations");

    @Test
    void bothKeysAreValidDuringARotation() {
        assertThat(opens(List.of(OLD, NEW), OLD)).isTrue();
        assertThat(opens(List.of(OLD, NEW), NEW)).isTrue();
    }

    @Test
    void afterTheRotationTheOldKeyIsRejected() {
        assertThat(opens(List.of(NEW), OLD)).isFalse();
        assertThat(opens(List.of(NEW), NEW)).isTrue();
    }

    @Test
    void similarKeysAreRejected() {
        for (var near :
                new String[] {
                    null,
                    "",
                    " ",
                    NEW + " ",
                    " " + NEW,
                    NEW.substring(1),
                    NEW + NEW,
                    OLD + "," + NEW
                }) {
            assertThat(opens(List.of(OLD, NEW), near)).isFalse();
        }
    }

    @Test
    void outgoingCallsUseTheFirstKey() {
        service.withPropertyValues(
                        "orderflow.internal-api.keys[0]=" + OLD,
                        "orderflow.internal-api.keys[1]=" + NEW)
                .run(
                        context ->
                                assertThat(
                                                context.getBean(InternalApiProperties.class)
                                                        .keys()
                                                        .getFirst())
                                        .isEqualTo(OLD));
    }

    @Test
    void withoutAKeyNoServiceStarts() {
        service.run(
                context ->
                        assertThat(context)
                                .getFailure()
                                .rootCause()
                                .hasMessageContaining("must contain at least one key"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "                    ",
                "too-short",
                "sixteen letters and blanks"
            })
    void aServiceWithAnInvalidKeyDoesNotStart(String key) {
        service.withPropertyValues("orderflow.internal-api.keys[0]=" + key)
                .run(
                        context -> {
                            assertThat(context).hasFailed();
                            assertThat(context.getStartupFailure())
                                    .rootCause()
                                    .message()
                                    .containsAnyOf("16 to 256 visible", "needs a key");
                        });
    }

    @Test
    void atMostTwoKeysAreValid() {
        service.withPropertyValues(
                        "orderflow.internal-api.keys[0]=" + OLD,
                        "orderflow.internal-api.keys[1]=" + NEW,
                        "orderflow.internal-api.keys[2]=" + OLD + NEW)
                .run(context -> assertThat(context).hasFailed());
    }

    private static boolean opens(List<String> keys, @Nullable String sent) {
        return new InternalApiKeys(new InternalApiProperties(keys)).accept(sent);
    }
}
