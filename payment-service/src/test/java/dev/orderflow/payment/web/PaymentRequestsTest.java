package dev.orderflow.payment.web;

import static dev.orderflow.contracts.fixture.BoundaryValues.first;
import static dev.orderflow.contracts.fixture.BoundaryValues.second;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.payment.web.PaymentRequests.Amount;
import dev.orderflow.payment.web.PaymentRequests.Authorization;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What the door of orders accepts is accepted here, and nothing else: the same values are tried
/// there.
class PaymentRequestsTest {

    private static final Amount TWELVE_FIFTY = new Amount("12.50", "EUR");

    @Test
    void aPaymentMethodIsWhatTheDoorAccepts() {
        assertThat(BoundaryValues.PAYMENT_METHOD_ID.validValues())
                .allSatisfy(id -> new Authorization("c", id, TWELVE_FIFTY).of(UUID.randomUUID()));
        assertThat(BoundaryValues.PAYMENT_METHOD_ID.invalidValues())
                .allSatisfy(
                        id ->
                                assertThatThrownBy(() -> new Authorization("c", id, TWELVE_FIFTY))
                                        .isInstanceOf(InvalidValueException.class)
                                        .hasMessageStartingWith("paymentMethodId "));
    }

    @Test
    void aCustomerIsWhatTheDoorAccepts() {
        assertThat(BoundaryValues.CUSTOMER_REF.validValues())
                .allSatisfy(
                        ref -> new Authorization(ref, "pm", TWELVE_FIFTY).of(UUID.randomUUID()));
        assertThat(BoundaryValues.CUSTOMER_REF.invalidValues())
                .allSatisfy(
                        ref ->
                                assertThatThrownBy(() -> new Authorization(ref, "pm", TWELVE_FIFTY))
                                        .isInstanceOf(InvalidValueException.class)
                                        .hasMessageStartingWith("customerRef "));
    }

    @Test
    void whatIsAuthorisedIsWhatCanBeChargedAtOnce() {
        assertThat(BoundaryValues.CHARGE.validValues())
                .allSatisfy(
                        amount ->
                                new Authorization(
                                                "c",
                                                "pm",
                                                new Amount(first(amount), second(amount)))
                                        .of(UUID.randomUUID()));
        assertThat(BoundaryValues.CHARGE.invalidValues())
                .allSatisfy(
                        amount ->
                                assertThatThrownBy(
                                                () ->
                                                        new Authorization(
                                                                "c",
                                                                "pm",
                                                                new Amount(
                                                                        first(amount),
                                                                        second(amount))))
                                        .isInstanceOf(InvalidValueException.class));
    }

    @Test
    void aPartOfWhatWasChargedMayBeLessThanWhatCanBeChargedAtOnce() {
        assertThat(new PaymentRequests.Refund(new Amount("0.01", "EUR"), "DUPLICATE").amount())
                .isEqualTo(new Amount("0.01", "EUR"));
        assertThatThrownBy(() -> new Amount("0.00", "EUR"))
                .isInstanceOf(InvalidValueException.class);
    }
}
