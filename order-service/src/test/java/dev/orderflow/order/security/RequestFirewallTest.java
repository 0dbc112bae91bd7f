package dev.orderflow.order.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.web.firewall.StrictHttpFirewall;

class RequestFirewallTest {

    private enum FirewallRule {
        HEADER_NAMES(StrictHttpFirewall.ALLOWED_HEADER_NAMES),
        HEADER_VALUES(StrictHttpFirewall.ALLOWED_HEADER_VALUES);

        private final Predicate<String> ofSpring;

        FirewallRule(Predicate<String> ofSpring) {
            this.ofSpring = ofSpring;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCharacterIsAllowedOrRejectedAsBySpringSecurity(FirewallRule rule) {
        var ours = RequestFirewall.printableOr(rule.ofSpring);
        for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
            var text = "a" + Character.toString(character) + "z";
            assertThat(ours.test(text)).as("U+%04X", character).isEqualTo(rule.ofSpring.test(text));
        }
        assertThat(ours.test("")).isEqualTo(rule.ofSpring.test(""));
    }
}
