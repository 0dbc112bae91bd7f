package dev.orderflow.payment.web;

import static dev.orderflow.contracts.fixture.BoundaryValues.first;
import static dev.orderflow.contracts.fixture.BoundaryValues.second;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.payment.web.PaymentRequests.AuthorizationRequest;
import dev.orderflow.payment.web.PaymentRequests.RequestedAmount;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The requests accept the same values as the public order API; the test of that API uses the same
/// boundary values.
class PaymentRequestsTest {

    private static final RequestedAmount TWELVE_FIFTY = new RequestedAmount("12.50", "EUR");

    @Test
    void paymentMethodsAreTheSameAsInThePublicApi() {
        assertThat(BoundaryValues.PAYMENT_METHOD_ID.validValues())
                .allSatisfy(
                        id ->
                                new AuthorizationRequest("c", id, TWELVE_FIFTY)
                                        .toCommand(UUID.randomUUID()));
        assertThat(BoundaryValues.PAYMENT_METHOD_ID.invalidValues())
                .allSatisfy(
                        id ->
                                assertThatThrownBy(
                                                () ->
                                                        new AuthorizationRequest(
                                                                "c", id, TWELVE_FIFTY))
                                        .isInstanceOf(InvalidValueException.class)
                                        .hasMessageStartingWith("paymentMethodId "));
    }

    @Test
    void customersAreTheSameAsInThePublicApi() {
        assertThat(BoundaryValues.CUSTOMER_REF.validValues())
                .allSatisfy(
                        ref ->
                                new AuthorizationRequest(ref, "pm", TWELVE_FIFTY)
                                        .toCommand(UUID.randomUUID()));
        assertThat(BoundaryValues.CUSTOMER_REF.invalidValues())
                .allSatisfy(
                        ref ->
                                assertThatThrownBy(
                                                () ->
                                                        new AuthorizationRequest(
                                                                ref, "pm", TWELVE_FIFTY))
                                        .isInstanceOf(InvalidValueException.class)
                                        .hasMessageStartingWith("customerRef "));
    }

    @Test
    void anAuthorizationAcceptsExactlyTheChargeableAmounts() {
        assertThat(BoundaryValues.CHARGE.validValues())
                .allSatisfy(
                        amount ->
                                new AuthorizationRequest(
                                                "c",
                                                "pm",
                                                new RequestedAmount(first(amount), second(amount)))
                                        .toCommand(UUID.randomUUID()));
        assertThat(BoundaryValues.CHARGE.invalidValues())
                .allSatisfy(
                        amount ->
                                assertThatThrownBy(
                                                () ->
                                                        new AuthorizationRequest(
                                                                "c",
                                                                "pm",
                                                                new RequestedAmount(
                                                                        first(amount),
                                                                        second(amount))))
                                        .isInstanceOf(InvalidValueException.class));
    }

    @Test
    void aPartialAmountMayBeBelowTheMinimumCharge() {
        assertThat(
                        new PaymentRequests.RefundRequest(
                                        new RequestedAmount("0.01", "EUR"), "DUPLICATE")
                                .amount())
                .isEqualTo(new RequestedAmount("0.01", "EUR"));
        assertThatThrownBy(() -> new RequestedAmount("0.00", "EUR"))
                .isInstanceOf(InvalidValueException.class);
    }
}
