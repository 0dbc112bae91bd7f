package dev.orderflow.payment.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.RefundReason;
import dev.orderflow.payment.gateway.GatewayResult;
import dev.orderflow.payment.gateway.GatewayResult.GatewayUnreachable;
import dev.orderflow.payment.gateway.GatewayResult.KeyConflict;
import dev.orderflow.payment.gateway.GatewayResult.PaymentMethodDeclined;
import dev.orderflow.payment.gateway.GatewayResult.RequestRefused;
import dev.orderflow.payment.gateway.GatewayResult.ResultUnknown;
import dev.orderflow.payment.gateway.PaymentGateway.ChangesResult.ChangesUnavailable;
import dev.orderflow.payment.gateway.PaymentGateway.ChargesResult.ChargesUnavailable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The interpretation of Stripe's errors by [their status, type and
/// code](https://docs.stripe.com/api/errors):
/// a definite refusal never counts as an unknown outcome, nor an unknown outcome as a refusal.
class StripeErrorMappingTest {

    private static final HttpStub STRIPE = new HttpStub(_ -> new StubResponse(200, "{}"));

    private final StripeGateway gateway =
            new StripeGateway(
                    new StripeProperties(
                            URI.create(STRIPE.url()),
                            "sk_test_x",
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(60)));

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, charge_expired_for_capture, , refused AUTHORIZATION",
        "402, card_error, charge_expired_for_capture, , refused AUTHORIZATION",
        "400, invalid_request_error, payment_intent_unexpected_state, , refused OTHER",
        "400, invalid_request_error, amount_too_large, amount_to_capture, refused AMOUNT",
        "400, invalid_request_error, amount_too_small, amount, refused AMOUNT",
        "400, invalid_request_error, parameter_invalid_integer, amount, refused AMOUNT",
        "400, invalid_request_error, , currency, refused AMOUNT",
        "400, invalid_request_error, charge_already_refunded, , refused OTHER",
        "400, invalid_request_error, charge_disputed, , refused OTHER",
        "400, invalid_request_error, parameter_unknown, metadata, refused OTHER",
        "400, invalid_request_error, , , refused OTHER",
        "404, invalid_request_error, resource_missing, intent, refused OTHER",
        "405, invalid_request_error, , , refused OTHER",
        "400, api_error, , , refused OTHER",
        "402, card_error, card_declined, , declined",
        "402, card_error, expired_card, , declined",
        "402, invalid_request_error, , , declined",
        "400, invalid_request_error, resource_missing, payment_method, declined",
        "400, invalid_request_error, payment_method_unactivated, , declined",
        "400, invalid_request_error, payment_intent_authentication_failure, , declined",
        "400, idempotency_error, , , key conflict",
        "409, idempotency_error, idempotency_key_in_use, , unknown",
        "409, invalid_request_error, , , unknown",
        "401, invalid_request_error, , , unreachable",
        "403, invalid_request_error, , , unreachable",
        "429, invalid_request_error, rate_limit, , unreachable",
        "429, invalid_request_error, lock_timeout, , unreachable",
        "400, invalid_request_error, lock_timeout, , unreachable",
        "424, api_error, , , unknown and stored",
        "500, api_error, , , unknown and stored",
        "503, api_error, , , unknown and stored"
    })
    void everyErrorOfStripeIsInterpretedAsDocumented(
            int status, String type, String code, String param, String meaning) {
        var error = new StringBuilder("{\"error\":{\"message\":\"m\",\"type\":\"" + type + "\"");
        if (code != null) {
            error.append(",\"code\":\"").append(code).append("\"");
        }
        if (param != null) {
            error.append(",\"param\":\"").append(param).append("\"");
        }
        STRIPE.respondWith(_ -> new StubResponse(status, error + "}}"));
        assertThat(name(gateway.capture(new IntentId("pi_1"), Money.of("1.00", "EUR"), "k")))
                .isEqualTo(meaning);
        assertThat(name(gateway.confirm(new IntentId("pi_1"), "k"))).isEqualTo(meaning);
        assertThat(name(gateway.cancel(new IntentId("pi_1"), "k"))).isEqualTo(meaning);
        assertThat(
                        name(
                                gateway.refund(
                                        UUID.randomUUID(),
                                        new IntentId("pi_1"),
                                        Money.of("1.00", "EUR"),
                                        RefundReason.DUPLICATE,
                                        "k")))
                .isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({
        "400, '<html>'",
        "404, ''",
        "404, '{\"detail\":\"no such host\"}'",
        "402, '{}'",
        "403, '<html>'",
        "429, '<html>'",
        "502, '<html>'",
        "302, ''",
        "200, '{}'"
    })
    void aResponseThatIsNotFromStripeLeavesTheOutcomeUnknown(int status, String text) {
        STRIPE.respondWith(_ -> new StubResponse(status, text));
        assertThat(gateway.confirm(new IntentId("pi_1"), "k")).isInstanceOf(ResultUnknown.class);
    }

    @Test
    void aFailedCallIsNamedInWords() {
        STRIPE.respondWith(_ -> new StubResponse(0, ""));
        assertThat(gateway.confirm(new IntentId("pi_1"), "k"))
                .isEqualTo(new ResultUnknown("no complete response", false));
        assertThat(gateway.findCharges(List.of(UUID.randomUUID())))
                .isEqualTo(new ChargesUnavailable("no complete response"));
        STRIPE.respondWith(_ -> new StubResponse(503, "{\"error\":{\"type\":\"api_error\"}}"));
        assertThat(gateway.confirm(new IntentId("pi_1"), "k"))
                .isEqualTo(new ResultUnknown("answered 503", true));
        assertThat(gateway.findCharges(List.of(UUID.randomUUID())))
                .isEqualTo(new ChargesUnavailable("answered 503"));
        assertThat(gateway.findChanges(null, 10)).isEqualTo(new ChangesUnavailable("answered 503"));

        var stopped = new HttpStub(_ -> new StubResponse(200, "{}"));
        stopped.close();
        var unreachable =
                new StripeGateway(
                        new StripeProperties(
                                URI.create(stopped.url()),
                                "sk_test_x",
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(60)));
        assertThat(unreachable.confirm(new IntentId("pi_1"), "k"))
                .isEqualTo(new GatewayUnreachable("connection refused"));
    }

    private static String name(GatewayResult result) {
        return switch (result) {
            case RequestRefused(var _, var subject) -> "refused " + subject;
            case PaymentMethodDeclined _ -> "declined";
            case KeyConflict _ -> "key conflict";
            case GatewayUnreachable _ -> "unreachable";
            case ResultUnknown(var _, boolean stored) -> stored ? "unknown and stored" : "unknown";
            case GatewayResult.StatusReported _ -> "done";
        };
    }
}
