package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The verification before a dispatch.
class AuthorizationVerificationTest extends PaymentServiceFixture {

    @Test
    void dispatchIsAllowedOnlyWhileTheAuthorizationOutlastsTheCapture() {
        authorize();
        assertThat(verifyAuthorization().path("dispatchAllowed").asBoolean()).isTrue();
        gateway.setAuthorizedUntil(order, Instant.now().plus(Duration.ofHours(23)));
        assertThat(verifyAuthorization().path("dispatchAllowed").asBoolean()).isFalse();
        assertThat(verifyAuthorization().path("authorizedUntil").asString()).isNotEmpty();
        gateway.setAuthorizedUntil(order, Instant.now().plus(Duration.ofHours(25)));
        assertThat(verifyAuthorization().path("dispatchAllowed").asBoolean()).isTrue();
        gateway.fail(GatewayCall.RETRIEVE_STATUS, FakeGatewayFault.UNREACHABLE);
        assertProblem(
                send(order + "/authorization-verification", null, "{}"),
                503,
                "gateway-unavailable");
        gateway.expireAuthorization(order);
        assertThat(verifyAuthorization().path("dispatchAllowed").asBoolean()).isFalse();
        assertThat(state()).isEqualTo("VOIDED");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
    }

    @Test
    void dispatchIsNotAllowedWithoutAnAuthorization() {
        assertProblem(
                send(order + "/authorization-verification", null, "{}"), 404, "payment-not-found");
        authorize(order + ":authorization", authorizationBody("pm_card_chargeDeclined"));
        assertThat(verifyAuthorization().path("dispatchAllowed").asBoolean()).isFalse();
    }

    @Test
    void dispatchIsAllowedAfterTheCapture() {
        authorize();
        capture();
        assertThat(verifyAuthorization().path("dispatchAllowed").asBoolean()).isTrue();
    }

    private JsonNode verifyAuthorization() {
        return json(send(order + "/authorization-verification", null, "{}"));
    }
}
