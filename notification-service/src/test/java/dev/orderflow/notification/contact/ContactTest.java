package dev.orderflow.notification.contact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.InvalidValueException;
import org.junit.jupiter.api.Test;

/// What the door of orders accepts is written to, and nothing else: the same values are tried
/// there.
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
