package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.defaults.fixture.OperatorActionLines;
import dev.orderflow.defaults.fixture.TestOperators;
import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Refunds, whole and in parts.
class PaymentRefundTest extends PaymentServiceFixture {

    @Test
    void aPartCanBeCapturedAndAPartRefunded() {
        authorize();
        var less = "{\"amount\":{\"amount\":\"40.00\",\"currency\":\"EUR\"}}";
        assertThat(post("capture", "c", less).statusCode()).isEqualTo(200);
        assertProblem(refund(), 422, "amount-not-allowed");
        var back =
                post(
                        "refund",
                        "r",
                        "{\"amount\":{\"amount\":\"5.00\",\"currency\":\"EUR\"},\"reason\":\"DUPLICATE\"}");
        assertThat(json(back).get("amount").get("amount").asString()).isEqualTo("5.00");
        assertThat(json(get(order.toString())).get("refunded").get("amount").asString())
                .isEqualTo("5.00");
        var again = post("capture", "c2", CAPTURE);
        assertProblem(again, 422, "amount-not-allowed");
        assertThat(json(again).path("detail").asString())
                .isEqualTo("The payment was captured before, with another amount.");
        var dollars =
                post(
                        "refund",
                        "r2",
                        "{\"amount\":{\"amount\":\"5.00\",\"currency\":\"USD\"},\"reason\":\"DUPLICATE\"}");
        assertProblem(dollars, 422, "amount-not-allowed");
        assertThat(json(dollars).path("detail").asString())
                .isEqualTo("The amount is in another currency than the payment.");
    }

    @Test
    void aPaymentThatIsNotCapturedCannotBeRefunded() {
        authorize();
        assertProblem(refund(), 409, "payment-not-captured");
        assertThat(gateway.countRefunds(order)).isZero();
    }

    @Test
    void aRefundKeepsItsKeyWhileItsOutcomeIsUnknown() {
        authorize();
        capture();
        gateway.fail(GatewayCall.REFUND, FakeGatewayFault.FAILED_AND_STORED);
        assertProblem(refund(), 503, "payment-outcome-unknown");
        assertProblem(refund(), 503, "payment-outcome-unknown");
        assertThat(
                        gateway.recordedCalls().stream()
                                .filter(call -> call.call() == GatewayCall.REFUND)
                                .map(FakePaymentGateway.RecordedCall::key)
                                .distinct())
                .containsExactly(order + ":refund");
    }

    @Test
    void aRefusedRefundReportsTheRefundableAmount() {
        authorize();
        capture();
        gateway.refundInTheDashboard(order, Money.of("9.90", "EUR"));
        var refused = refund();
        assertProblem(refused, 422, "amount-not-allowed");
        assertThat(json(refused).path("gatewayCode").asString()).isEqualTo("invalid_request");
        assertThat(amount(refused, "captured")).isEqualTo("49.90");
        assertThat(amount(refused, "refunded")).isEqualTo("9.90");
        assertThat(amount(refused, "refundable")).isEqualTo("40.00");
        assertThat(gateway.countRefunds(order)).isZero();
        assertThat(state()).isEqualTo("CAPTURED");

        var rest = post("refund", "rest", refundBody("40.00"));
        assertThat(rest.statusCode()).isEqualTo(200);
        assertThat(amount(rest, "amount")).isEqualTo("40.00");
        assertThat(amount(rest, "refundable")).isEqualTo("0.00");
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void aLargeRefundIsExecutedOnceAfterAnotherPersonHasConfirmedIt() {
        capture("900.00");
        var waiting = post("refund", "large", refundBody("500.01"));
        assertThat(waiting.statusCode()).as(waiting.body()).isEqualTo(202);
        assertThat(post("refund", "large", refundBody("500.01")).body()).isEqualTo(waiting.body());
        assertProblem(post("refund", "large", refundBody("600.00")), 422, "idempotency-key-reused");
        assertThat(gateway.countRefunds(order)).isZero();

        var id = json(waiting).path("id").asString();
        assertProblem(confirm(TestOperators.ADMINISTRATOR, id), 403, "own-confirmation");
        assertThat(gateway.countRefunds(order)).isZero();
        assertThat(confirm("anna", id).statusCode()).isEqualTo(200);
        assertProblem(confirm("anna", id), 409, "already-confirmed");
        assertThat(post("refund", "large", refundBody("500.01")).statusCode()).isEqualTo(200);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void aRefundThatIsRepeatedAndItsConfirmationAreEachOneActionOfTheAuditTrail() {
        capture("900.00");
        var waiting = post("refund", "trail", refundBody("500.01"));
        post("refund", "trail", refundBody("500.01"));
        confirm("anna", json(waiting).path("id").asString());
        post("refund", "trail", refundBody("500.01"));
        post("refund", "second", refundBody("1.00"));
        assertThat(post("capture", "c", "{}").statusCode()).isEqualTo(400);
        await().untilAsserted(
                        () ->
                                assertThat(actions())
                                        .containsExactly(
                                                "adam REFUND_PAYMENT CUSTOMER_REQUEST, 1.00 EUR: 202",
                                                "anna CONFIRM_ACTION -, refund 500.01 EUR of order "
                                                        + order
                                                        + ": CUSTOMER_REQUEST, requested by Adam: 200",
                                                "adam REFUND_PAYMENT CUSTOMER_REQUEST, 500.01 EUR: 202"));
    }

    @Test
    void anAdoptedStateIsAnActionOfTheAuditTrail() {
        authorize();
        post("gateway-state-adoption", null, "");
        await().untilAsserted(
                        () ->
                                assertThat(actions())
                                        .containsExactly("adam ADOPT_GATEWAY_STATE -, -: 200"));
    }

    private List<String> actions() {
        return OperatorActionLines.of(json(get("../operator-actions?subject=" + order)));
    }

    @Test
    void severalSmallRefundsNeedASecondPersonLikeOneLargeRefund() {
        capture("900.00");
        assertThat(post("refund", "first", refundBody("300.00")).statusCode()).isEqualTo(200);
        assertThat(post("refund", "second", refundBody("200.00")).statusCode()).isEqualTo(200);
        assertThat(post("refund", "third", refundBody("0.01")).statusCode()).isEqualTo(202);
        assertThat(post("refund", "second", refundBody("200.00")).statusCode()).isEqualTo(200);
        assertThat(gateway.countRefunds(order)).isEqualTo(2);
    }

    @Test
    void refundsAtTheSameTimeDoNotExceedTheLimitOfOnePersonTogether() throws Exception {
        capture("900.00");
        var number = new AtomicInteger();
        var statuses = callConcurrently(8, () -> refundWhenPossible(number.incrementAndGet()));
        assertThat(statuses).containsOnly(200, 202);
        assertThat(Collections.frequency(statuses, 200)).isEqualTo(2);
        assertThat(gateway.countRefunds(order)).isEqualTo(2);
    }

    /// Repeats a refund while another one is pending.
    private int refundWhenPossible(int number) {
        return await().until(
                        () -> post("refund", "refund-" + number, refundBody("200.00")).statusCode(),
                        status -> status != 409);
    }

    @Test
    void aRefundThatCannotBeMadeIsRefusedBeforeItWaits() {
        assertProblem(post("refund", "early", refundBody("500.01")), 404, "payment-not-found");
        capture("600.00");
        assertProblem(post("refund", "early", refundBody("600.01")), 422, "amount-not-allowed");
    }

    @Test
    void aRefundThatWasRefusedAfterItsConfirmationWaitsAgainOnlyForANewConfirmation() {
        capture("600.00");
        var id = json(post("refund", "large", refundBody("500.01"))).path("id").asString();
        assertThat(post("refund", "small", refundBody("100.00")).statusCode()).isEqualTo(200);
        assertProblem(confirm("anna", id), 422, "amount-not-allowed");
        assertProblem(confirm("anna", id), 409, "already-confirmed");
        assertProblem(post("refund", "large", refundBody("500.01")), 422, "amount-not-allowed");

        var rest = json(post("refund", "rest", refundBody("500.00"))).path("id").asString();
        jdbc.sql(
                        """
                        UPDATE waiting_action
                           SET outcome = 'refused: Gateway refused', confirmed_by = 'anna',
                               confirmed_by_name = 'anna', confirmed_at = now()
                         WHERE outcome IS NULL
                        """)
                .update();
        var again = post("refund", "rest", refundBody("500.00"));
        assertThat(again.statusCode()).as(again.body()).isEqualTo(202);
        assertThat(json(again).path("id").asString()).isEqualTo(rest);
        assertThat(json(again).has("confirmedBy")).isFalse();
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
        assertThat(confirm("anna", rest).statusCode()).isEqualTo(200);
        assertThat(gateway.countRefunds(order)).isEqualTo(2);
    }

    @Test
    void aSecondFullRefundIsCompletedWhenThePaymentIsRefundedAlready() {
        capture("600.00");
        var first = json(post("refund", "first", refundBody("600.00"))).path("id").asString();
        var second = json(post("refund", "second", refundBody("600.00"))).path("id").asString();
        assertThat(confirm("anna", first).statusCode()).isEqualTo(200);

        assertProblem(confirm("anna", second), 409, "already-refunded");
        assertProblem(confirm("anna", second), 409, "already-confirmed");
        assertThat(confirmations().body()).doesNotContain(second);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void theKeyOfAnExpiredRefundBelongsToThatRefund() {
        capture("900.00");
        var id = json(post("refund", "expired", refundBody("500.01"))).path("id").asString();
        jdbc.sql("UPDATE waiting_action SET expires_at = now() - interval '1 second'").update();
        assertProblem(confirm("anna", id), 409, "confirmation-expired");
        assertProblem(
                post("refund", "expired", refundBody("900.00")), 422, "idempotency-key-reused");
        assertThat(post("refund", "expired", refundBody("500.01")).statusCode()).isEqualTo(202);
        assertThat(confirm("anna", id).statusCode()).isEqualTo(200);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    private void capture(String amount) {
        post(
                "authorization",
                order + ":authorization",
                authorizationBody("pm_card_visa").replace("49.90", amount));
        post(
                "capture",
                order + ":capture",
                "{\"amount\":{\"amount\":\"%s\",\"currency\":\"EUR\"}}".formatted(amount));
    }

    private HttpResponse<String> confirmations() {
        var request =
                HttpRequest.newBuilder(uri("").resolve("/internal/confirmations"))
                        .header("Authorization", TestOperators.administrator("anna"))
                        .build();
        return call(() -> http.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    private HttpResponse<String> confirm(String operator, String id) {
        var request =
                HttpRequest.newBuilder(
                                uri("").resolve("/internal/confirmations/" + id + "/confirmation"))
                        .header("Authorization", TestOperators.administrator(operator))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
        return call(() -> http.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    @Test
    void severalRefundsHaveAKeyEach() {
        authorize();
        capture();
        var first = post("refund", "first", refundBody("6.00"));
        assertThat(amount(first, "amount")).isEqualTo("6.00");
        assertThat(amount(first, "refundable")).isEqualTo("43.90");
        var more = post("refund", "more", refundBody("43.91"));
        assertProblem(more, 422, "amount-not-allowed");
        assertThat(amount(more, "refundable")).isEqualTo("43.90");
        gateway.fail(GatewayCall.REFUND, FakeGatewayFault.LOST_AFTER);
        var second = post("refund", "second", refundBody("43.90"));
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(amount(second, "refunded")).isEqualTo("49.90");
        assertThat(post("refund", "first", refundBody("6.00")).body()).isEqualTo(first.body());
        assertThat(post("refund", "second", refundBody("43.90")).body()).isEqualTo(second.body());
        assertProblem(post("refund", "third", refundBody("0.01")), 409, "already-refunded");
        assertThat(gateway.countRefunds(order)).isEqualTo(2);
        assertThat(json(get(order.toString())).path("refundable").path("amount").asString())
                .isEqualTo("0.00");
    }

    @Test
    void aRefundWithoutARetryIsFoundByItsKeyAndCompleted() {
        authorize();
        capture();
        post("refund", "first", refundBody("6.00"));
        gateway.fail(GatewayCall.REFUND, FakeGatewayFault.CRASH_AFTER);
        post("refund", "second", refundBody("6.00"));
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("REFUNDED");
        var again = post("refund", "second", refundBody("6.00"));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(amount(again, "refunded")).isEqualTo("12.00");
        assertThat(gateway.countRefunds(order)).isEqualTo(2);
    }

    @Test
    void aRefundThatNeverReachedTheGatewayCanBeRequestedAgainAfterAWhile() {
        authorize();
        capture();
        gateway.fail(GatewayCall.REFUND, FakeGatewayFault.FAILED_AND_STORED);
        assertProblem(refund(), 503, "payment-outcome-unknown");
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("UNKNOWN");
        jdbc.sql("UPDATE unknown_outcome SET requested_at = now() - interval '11 minutes'")
                .update();
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("CAPTURED");
        assertThat(refund().statusCode()).isEqualTo(200);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void aRefundOfTheSameAmountWithoutAKeyKeepsTheOutcomeUnknown() {
        authorize();
        capture();
        gateway.refundInTheDashboard(order, Money.of("6.00", "EUR"));
        gateway.fail(GatewayCall.REFUND, FakeGatewayFault.KEY_CONFLICT);
        double before = meters.counter("payments.contradictions").count();
        assertProblem(post("refund", "r", refundBody("6.00")), 503, "payment-outcome-unknown");
        jdbc.sql("UPDATE unknown_outcome SET requested_at = now() - interval '11 minutes'")
                .update();
        reconcileUnknownOutcomes();
        assertThat(state()).isEqualTo("UNKNOWN");
        assertThat(meters.counter("payments.contradictions").count()).isGreaterThan(before);
        assertThat(gateway.countRefunds(order)).isZero();
    }
}
