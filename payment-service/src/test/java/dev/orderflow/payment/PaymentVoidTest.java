package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import dev.orderflow.payment.domain.IntentStatus;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Voids, before and after everything they may meet.
class PaymentVoidTest extends PaymentServiceFixture {

    @Test
    void aVoidCancelsTheAuthorization() {
        authorize();
        var voided = voidPayment();
        assertThat(voided.statusCode()).isEqualTo(200);
        assertThat(json(voided).get("state").asString()).isEqualTo("VOIDED");
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
        assertThat(voidPayment().body()).isEqualTo(voided.body());
        assertThat(post("void", "another-key", "{}").statusCode()).isEqualTo(200);
        assertProblem(capture(), 410, "payment-voided");
    }

    @Test
    void aVoidBeforeTheAuthorizationRefusesTheLateAuthorization() {
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertThat(state()).isEqualTo("VOIDED");
        assertProblem(authorize(), 410, "payment-voided");
        assertProblem(
                authorize("another-key", authorizationBody("pm_card_visa")), 410, "payment-voided");
        assertThat(gateway.recordedCalls()).isEmpty();
    }

    @Test
    void aVoidOfADeclinedPaymentSucceeds() {
        authorize(order + ":authorization", authorizationBody("pm_card_chargeDeclined"));
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
    }

    @Test
    void aVoidOfACapturedPaymentIsRefused() {
        authorize();
        capture();
        assertProblem(voidPayment(), 412, "already-captured");
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCaptured(Money.of("49.90", "EUR"), null));
        refund();
        assertProblem(post("void", "later", "{}"), 412, "already-captured");
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM"})
    void aVoidDuringTheAuthorizationWins(GatewayCall at) throws Exception {
        var gate = gateway.gate(at);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var authorization = threads.submit(() -> authorize());
            gate.awaitCaller();
            assertThat(voidPayment().statusCode()).isEqualTo(200);
            gate.open();
            assertProblem(authorization.get(), 410, "payment-voided");
        }
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
        assertThat(state()).isEqualTo("VOIDED");
        assertProblem(authorize(), 410, "payment-voided");
        assertThat(gateway.countAuthorizations(order)).isZero();
    }

    @Test
    void aVoidOfAnAuthorizationWithUnknownOutcomeCancelsIt() {
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.CRASH_AFTER);
        authorize();
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentAuthorized());
        assertThat(voidPayment().statusCode()).isEqualTo(200);
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
        expireLeases();
        assertProblem(authorize(), 410, "payment-voided");
        assertThat(state()).isEqualTo("VOIDED");
    }

    @Test
    void aVoidIsRefusedWhileTheOutcomeOfTheCaptureIsUnknown() {
        authorize();
        gateway.fail(GatewayCall.CAPTURE, FakeGatewayFault.CRASH_AFTER);
        capture();
        assertProblem(voidPayment(), 409, "payment-operation-pending");
        reconcileUnknownOutcomes();
        assertProblem(voidPayment(), 412, "already-captured");
    }

    @Test
    void aVoidIsRepeatedUntilTheGatewayConfirmsIt() {
        authorize();
        gateway.fail(
                GatewayCall.CANCEL,
                FakeGatewayFault.UNREACHABLE,
                FakeGatewayFault.LOST_BEFORE,
                FakeGatewayFault.FAILED_AND_STORED);
        assertProblem(voidPayment(), 503, "gateway-unavailable");
        assertThat(state()).isEqualTo("UNKNOWN");
        reconcileUnknownOutcomes();
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentAuthorized());
        reconcileUnknownOutcomes();
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentAuthorized());
        reconcileUnknownOutcomes();
        assertThat(gateway.intentStatuses(order))
                .containsExactly(new IntentStatus.IntentCancelled());
        assertThat(state()).isEqualTo("VOIDED");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
    }
}
