package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Crashes, lost requests and lost responses.
class GatewayFailureTest extends PaymentServiceFixture {

    static Stream<Arguments> crashes() {
        return EnumSet.complementOf(
                        EnumSet.of(GatewayCall.RETRIEVE_STATUS, GatewayCall.FIND_REFUND))
                .stream()
                .flatMap(
                        call ->
                                Stream.of(
                                                FakeGatewayFault.CRASH_BEFORE,
                                                FakeGatewayFault.CRASH_AFTER)
                                        .map(fault -> Arguments.of(call, fault)));
    }

    @ParameterizedTest
    @MethodSource("crashes")
    void aCrashBetweenAnyTwoStepsRepeatsNoOperation(GatewayCall at, FakeGatewayFault crash) {
        gateway.fail(at, crash);
        var died = new ArrayList<HttpResponse<String>>();
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        this::authorize,
                        at == GatewayCall.CANCEL ? this::voidPayment : this::capture,
                        at == GatewayCall.CANCEL ? this::voidPayment : this::refund)) {
            var response = call(step);
            if (response.statusCode() == 500) {
                died.add(response);
                assertProblem(call(step), 409, "request-in-flight");
                expireLeases();
                response = call(step);
            }
            assertThat(response.statusCode()).isIn(200, 201);
        }
        assertThat(died).hasSize(1);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countCaptures(order)).isEqualTo(at == GatewayCall.CANCEL ? 0 : 1);
        assertThat(gateway.countRefunds(order)).isEqualTo(at == GatewayCall.CANCEL ? 0 : 1);
        assertThat(gateway.intentStatuses(order)).hasSize(1);
        assertThat(state()).isEqualTo(at == GatewayCall.CANCEL ? "VOIDED" : "REFUNDED");
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CONFIRM", "CAPTURE", "REFUND"})
    void aTakenOverOperationRetrievesTheStatusBeforeAnyOtherCall(GatewayCall at) {
        gateway.fail(at, FakeGatewayFault.CRASH_AFTER);
        var responses = new ArrayList<HttpResponse<String>>();
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        this::authorize, this::capture, this::refund)) {
            var response = call(step);
            responses.add(response);
            if (response.statusCode() == 500) {
                break;
            }
        }
        expireLeases();
        int before = gateway.recordedCalls().size();
        var again =
                switch (at) {
                    case CONFIRM -> authorize();
                    case CAPTURE -> capture();
                    default -> refund();
                };
        assertThat(again.statusCode()).isIn(200, 201);
        assertThat(
                        gateway.recordedCalls().stream()
                                .skip(before)
                                .map(FakePaymentGateway.RecordedCall::call))
                .containsExactly(
                        at == GatewayCall.REFUND
                                ? GatewayCall.FIND_REFUND
                                : GatewayCall.RETRIEVE_STATUS);
    }

    @Test
    void aLostResponseLeadsToAStatusRetrievalAtOnce() {
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.LOST_AFTER);
        assertThat(authorize().statusCode()).isEqualTo(201);
        gateway.fail(GatewayCall.CAPTURE, FakeGatewayFault.LOST_AFTER);
        assertThat(capture().statusCode()).isEqualTo(200);
        gateway.fail(GatewayCall.REFUND, FakeGatewayFault.LOST_AFTER);
        assertThat(refund().statusCode()).isEqualTo(200);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void anOutcomeIsUnknownUntilTheGatewayReportsIt() {
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.LOST_AFTER);
        gateway.fail(GatewayCall.RETRIEVE_STATUS, FakeGatewayFault.LOST_BEFORE);
        var unknown = authorize();
        assertProblem(unknown, 503, "payment-outcome-unknown");
        assertThat(unknown.headers().firstValue("Retry-After")).contains("2");
        var payment = json(get(order.toString()));
        assertThat(payment.get("state").asString()).isEqualTo("UNKNOWN");
        assertThat(payment.get("pendingOperation").asString()).isEqualTo("AUTHORIZATION");
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(
                        gateway.recordedCalls().stream()
                                .filter(call -> call.call() == GatewayCall.CONFIRM))
                .hasSize(1);
    }

    /// The intent may exist, and it was not that the gateway could not be reached.
    @ParameterizedTest
    @EnumSource(
            value = FakeGatewayFault.class,
            names = {"LOST_BEFORE", "LOST_AFTER", "FAILED_AND_STORED", "KEY_CONFLICT"})
    void anUnclearCreationOfAnIntentChargesNothingAndIsRetriedWithTheSameKey(
            FakeGatewayFault fault) {
        // A key conflict is retried with three further keys at once.
        int times = fault == FakeGatewayFault.KEY_CONFLICT ? 4 : 1;
        gateway.fail(
                GatewayCall.CREATE_INTENT,
                Collections.nCopies(times, fault).toArray(FakeGatewayFault[]::new));
        var response = authorize();
        assertProblem(response, 503, "gateway-unavailable");
        assertThat(json(response).path("detail").asString())
                .isEqualTo(
                        "The gateway gave no clear answer to the creation of the payment intent."
                                + " Nothing is charged. Retry with the same key.");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(gateway.countAuthorizations(order)).isZero();
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = GatewayCall.class,
            names = {"CREATE_INTENT", "CONFIRM"})
    void anUnreachableGatewayIsRetriedWithTheSameKey(GatewayCall at) {
        gateway.fail(at, FakeGatewayFault.UNREACHABLE);
        var response = authorize();
        assertProblem(response, 503, "gateway-unavailable");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(
                        gateway.recordedCalls().stream()
                                .filter(call -> call.call() == at)
                                .map(FakePaymentGateway.RecordedCall::key)
                                .distinct())
                .hasSize(1);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }
}
