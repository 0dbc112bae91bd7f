package dev.orderflow.notification.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.InvalidValueException;
import org.junit.jupiter.api.Test;

/// The addresses that the order API accepts are valid, and no others: its tests use the same
/// values.
class ContactTest {

    @Test
    void anAddressIsValidByTheRuleOfTheOrderApi() {
        assertThat(BoundaryValues.EMAIL.validValues())
                .allSatisfy(
                        email -> assertThat(new Contact(email, "Ada").email()).isEqualTo(email));
        assertThat(BoundaryValues.EMAIL.invalidValues())
                .allSatisfy(
                        email ->
                                assertThatThrownBy(() -> new Contact(email, "Ada"))
                                        .isInstanceOf(InvalidValueException.class)
                                        .hasMessageStartingWith("email "));
    }
}
