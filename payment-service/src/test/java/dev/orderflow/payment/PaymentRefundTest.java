package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
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
