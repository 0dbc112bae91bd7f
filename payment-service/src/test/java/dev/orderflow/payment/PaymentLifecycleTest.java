package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.payment.domain.IntentStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// The regular way of a payment.
class PaymentLifecycleTest extends PaymentServiceFixture {

    @Test
    void aPaymentIsAuthorizedThenCaptured() {
        var authorized = authorize();
        assertThat(authorized.statusCode()).isEqualTo(201);
        assertThat(json(authorized))
                .isEqualTo(
                        JsonMapper.shared()
                                .readTree(
                                        """
                                        {"paymentId":"%s","orderId":"%s","state":"AUTHORIZED","amount":%s}"""
                                                .formatted(
                                                        json(authorized)
                                                                .get("paymentId")
                                                                .asString(),
                                                        order,
                                                        AMOUNT)));
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentAuthorized());

        var captured = capture();
        assertThat(captured.statusCode()).isEqualTo(200);
        assertThat(json(captured).get("state").asString()).isEqualTo("CAPTURED");
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        assertThat(state()).isEqualTo("CAPTURED");
    }

    @Test
    void theGatewayGetsKeysThatAreDerivedFromTheOrderOnly() {
        authorize("any-key-of-the-caller", authorizationBody("pm_card_visa"));
        post("capture", "another", CAPTURE);
        post("refund", "yet-another", REFUND);
        assertThat(gateway.recordedCalls().stream().map(FakePaymentGateway.RecordedCall::key))
                .containsExactly(
                        order + ":authorization",
                        order + ":authorization:confirm",
                        order + ":capture",
                        order + ":refund");
    }

    @Test
    void aPaymentShowsItsStatusAndItsOperations() {
        authorize();
        post("capture", order + ":capture", CAPTURE);
        var payment = json(get(order.toString()));
        assertThat(payment.get("state").asString()).isEqualTo("CAPTURED");
        assertThat(payment.get("captured").get("amount").asString()).isEqualTo("49.90");
        assertThat(payment.get("operations"))
                .hasSize(2)
                .first()
                .satisfies(
                        first -> {
                            assertThat(first.get("key").asString())
                                    .isEqualTo(order + ":authorization");
                            assertThat(first.get("result").asString()).isEqualTo("AUTHORIZED");
                        });
        assertThat(json(get("by-key/" + order + ":capture"))).isEqualTo(payment);
    }

    @Test
    void aMissingPaymentIsNotFound() {
        assertProblem(get(order.toString()), 404, "payment-not-found");
        assertProblem(get("by-key/unused-key"), 404, "payment-not-found");
        assertProblem(capture(), 404, "payment-not-found");
        assertProblem(refund(), 404, "payment-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"49.91 EUR", "1.00 USD"})
    void aCaptureCannotExceedTheAuthorizedAmount(String wrong) {
        authorize();
        var body =
                "{\"amount\":{\"amount\":\"%s\",\"currency\":\"%s\"}}"
                        .formatted((Object[]) wrong.split(" "));
        assertProblem(post("capture", "c", body), 422, "amount-not-allowed");
        assertThat(gateway.countCaptures(order)).isZero();
        assertThat(capture().statusCode()).isEqualTo(200);
    }
}
