package dev.orderflow.defaults.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.InvalidValueException;
import java.math.BigDecimal;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class InvalidValueMessageTest {

    @Test
    void theMessageOfAnInvalidValueIsFoundAmongCauses() {
        var refused = new InvalidValueException("sku", "must be short");
        assertThat(
                        InvalidValueMessage.find(
                                new IllegalStateException("no", new RuntimeException(refused))))
                .contains(new InvalidValueMessage("sku", "must be short"));
    }

    @Test
    void messagesOfTheJdkAreNotReturned() {
        var ofJava =
                Stream.of(
                        Assertions.catchThrowable(() -> UUID.fromString("x")),
                        Assertions.catchThrowable(() -> new BigDecimal("x")),
                        Assertions.catchThrowable(() -> Integer.parseInt("x")),
                        Assertions.catchThrowable(() -> Thread.State.valueOf("x")),
                        new IllegalArgumentException("count must be internal"));
        assertThat(ofJava)
                .allSatisfy(failure -> assertThat(InvalidValueMessage.find(failure)).isEmpty());
    }
}
