package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests and keys that the gateway refuses.
class GatewayRefusalTest extends PaymentServiceFixture {

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM", "CAPTURE", "CANCEL"})
    void aKeyWithAStoredFailureIsReplaced(GatewayCall at) {
        gateway.fail(at, FakeGatewayFault.FAILED_AND_STORED, FakeGatewayFault.FAILED_AND_STORED);
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        this::authorize,
                        at == GatewayCall.CANCEL ? this::voidPayment : this::capture)) {
            var response = call(step);
            for (int tries = 0; response.statusCode() == 503 && tries < 4; tries++) {
                response = call(step);
            }
            assertThat(response.statusCode()).isIn(200, 201);
        }
        var keys =
                gateway.recordedCalls().stream()
                        .filter(call -> call.call() == at)
                        .map(FakePaymentGateway.RecordedCall::key)
                        .toList();
        assertThat(keys).hasSize(3).doesNotHaveDuplicates();
        assertThat(keys.get(1)).isEqualTo(keys.get(0) + ":2");
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void anUnsupportedAmountIsNeitherADeclineNorAnOutage() {
        gateway.fail(GatewayCall.CREATE_INTENT, FakeGatewayFault.AMOUNT_REFUSED);
        var refused = authorize();
        assertProblem(refused, 422, "payment-not-possible");
        assertThat(json(refused).path("gatewayCode").asString()).isEqualTo("amount_too_small");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM", "CAPTURE", "CANCEL"})
    void aPermanentRefusalIsReportedWithTheGatewayCode(GatewayCall at) {
        gateway.fail(at, FakeGatewayFault.REFUSED);
        var refused = authorize();
        if (refused.statusCode() == 201) {
            refused = at == GatewayCall.CANCEL ? voidPayment() : capture();
        }
        assertProblem(refused, 424, "gateway-refused");
        assertThat(json(refused).path("gatewayCode").asString()).isEqualTo("refused_for_good");
        assertThat(get(order.toString()).body()).contains("\"gatewayCode\":\"refused_for_good\"");
        // After the cause is fixed the same request succeeds, with another key at the gateway.
        var retried =
                switch (at) {
                    case CAPTURE -> capture();
                    case CANCEL -> voidPayment();
                    default -> authorize();
                };
        assertThat(retried.statusCode()).isIn(200, 201);
        assertThat(
                        gateway.recordedCalls().stream()
                                .filter(call -> call.call() == at)
                                .map(FakePaymentGateway.RecordedCall::key))
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(get(order.toString()).body()).doesNotContain("gatewayCode");
    }

    @Test
    void anExpiredAuthorizationIsVoidedAndNeverCaptured() {
        authorize();
        gateway.fail(GatewayCall.CAPTURE, FakeGatewayFault.AUTHORIZATION_EXPIRED);
        var refused = capture();
        assertProblem(refused, 424, "gateway-refused");
        assertThat(json(refused).path("gatewayCode").asString())
                .isEqualTo("charge_expired_for_capture");
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("VOIDED");
        assertProblem(capture(), 410, "payment-voided");
        assertThat(gateway.countCaptures(order)).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM", "CAPTURE", "CANCEL"})
    void aKeyThatTheGatewayKnowsWithOtherParametersIsReplacedAtOnce(GatewayCall at) {
        gateway.fail(at, FakeGatewayFault.KEY_CONFLICT, FakeGatewayFault.KEY_CONFLICT);
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat((at == GatewayCall.CANCEL ? voidPayment() : capture()).statusCode())
                .isEqualTo(200);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countCaptures(order)).isEqualTo(at == GatewayCall.CANCEL ? 0 : 1);
    }
}
