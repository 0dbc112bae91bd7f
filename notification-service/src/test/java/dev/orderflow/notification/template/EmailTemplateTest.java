package dev.orderflow.notification.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.OrderRejected;
import dev.orderflow.notification.OrderEventSamples;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailTemplateTest {

    private final OrderEventSamples facts =
            new OrderEventSamples(UUID.fromString("019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d"));

    @Test
    void aConfirmationStatesTheAuthorisedAmount() {
        assertThat(EmailTemplate.render(facts.confirmed(), "Ada Lovelace"))
                .isEqualTo(
                        new EmailTemplate(
                                "Your order is confirmed",
                                """
                                Hello Ada Lovelace,

                                we have reserved what you ordered and your payment of 49.90 EUR is authorised.
                                You are charged when the parcel is on its way, and we will tell you then.

                                Your order: 019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d
                                """));
    }

    @Test
    void aShipmentStatesItsContentsAndTheChargedAmount() {
        assertThat(EmailTemplate.render(facts.shipped(), "Ada"))
                .isEqualTo(
                        new EmailTemplate(
                                "Your order is on its way",
                                """
                                Hello Ada,

                                the carrier has your parcel, and you were charged 49.90 EUR. In it:

                                  2 x MUG-BLUE

                                Your order: 019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d
                                """));
    }

    @Test
    void aCancellationStatesThatNothingWasCharged() {
        assertThat(EmailTemplate.render(facts.cancelled(), "Ada"))
                .isEqualTo(
                        new EmailTemplate(
                                "Your order is cancelled",
                                """
                                Hello Ada,

                                as you asked, your order is cancelled. You were not charged.

                                Your order: 019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d
                                """));
    }

    @ParameterizedTest
    @EnumSource
    void everyRejectionReasonHasAText(OrderRejected.OrderRejectionReason reason) {
        var letter = EmailTemplate.render(facts.rejected(reason), "Ada");
        assertThat(letter.subject()).isEqualTo("We could not complete your order");
        assertThat(letter.text())
                .contains("You were not charged.")
                .doesNotContain(reason.name())
                .hasLineCount(6);
    }

    @Test
    void thereIsNoEmailAboutACreatedOrder() {
        assertThat(EmailTemplate.appliesTo(facts.created())).isFalse();
        assertThat(EmailTemplate.appliesTo(facts.shipped())).isTrue();
        assertThatThrownBy(() -> EmailTemplate.render(facts.created(), "Ada"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ada\r\nBcc: victim@example.org",
                "Ada\nBcc: victim@example.org",
                "Ada\rBcc: victim@example.org",
                "Ada\u2028Bcc: victim@example.org",
                "Ada\u2029Bcc: victim@example.org",
                "Ada\u0085Bcc: victim@example.org",
                "Ada\u000bBcc: victim@example.org",
                "Ada\0Bcc: victim@example.org",
                "\u202eAda\u202e Bcc: victim@example.org"
            })
    void aNameStaysOnOneLineAndOutOfTheSubject(String name) {
        var letter = EmailTemplate.render(facts.cancelled(), name);
        assertThat(letter.subject()).isEqualTo("Your order is cancelled");
        assertThat(letter.text().split("\\R")[0]).isEqualTo("Hello Ada Bcc: victim@example.org,");
        assertThat(letter.text().split("\\R")).hasSize(5);
    }

    @Test
    void aNameMayBeMissingForeignOrVeryLong() {
        assertThat(EmailTemplate.render(facts.cancelled(), " \n").text())
                .startsWith("Hello there,");
        assertThat(EmailTemplate.render(facts.cancelled(), "Zoë 李 O'Neill").text())
                .startsWith("Hello Zoë 李 O'Neill,");
        var endless = EmailTemplate.render(facts.cancelled(), "🦊".repeat(5_000)).text();
        assertThat(endless).startsWith("Hello " + "🦊".repeat(80) + "…,");
        assertThat(EmailTemplate.render(facts.cancelled(), "%s %n %d").text())
                .startsWith("Hello %s %n %d,");
    }

    @Test
    void toStringOmitsTheName() {
        assertThat(EmailTemplate.render(facts.cancelled(), "Ada").toString()).doesNotContain("Ada");
    }
}
