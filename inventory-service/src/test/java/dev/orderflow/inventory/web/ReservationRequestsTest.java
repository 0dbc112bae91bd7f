package dev.orderflow.inventory.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.inventory.web.ReservationController.ReserveRequest;
import dev.orderflow.inventory.web.ReservationController.ReserveRequestLine;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The requests accept the same values as the public order API; the test of that API uses the same
/// boundary values.
class ReservationRequestsTest {

    @Test
    void skusAreTheSameAsInThePublicApi() {
        assertThat(BoundaryValues.SKU.validValues())
                .allSatisfy(sku -> assertThat(new ReserveRequestLine(sku, 1).toLine()).isNotNull());
        assertThat(BoundaryValues.SKU.invalidValues())
                .allSatisfy(
                        sku ->
                                assertThatThrownBy(() -> new ReserveRequestLine(sku, 1))
                                        .isInstanceOf(InvalidValueException.class)
                                        .hasMessageStartingWith("sku "));
    }

    @Test
    void everyQuantityOfThePublicApiCanBeReserved() {
        assertThat(BoundaryValues.QUANTITY.validValues())
                .allSatisfy(
                        quantity ->
                                assertThat(
                                                new ReserveRequestLine(
                                                                "A", Integer.parseInt(quantity))
                                                        .toLine())
                                        .isNotNull());
        for (int invalid : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> new ReserveRequestLine("A", invalid))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith("quantity ");
        }
    }

    @Test
    void theLargestOrderCanBeReserved() {
        var lines =
                IntStream.range(0, Quantity.MAX_LINES)
                        .mapToObj(n -> new ReserveRequestLine("SKU-" + n, Quantity.MAX_ORDERED))
                        .toList();
        assertThat(new ReserveRequest(UUID.randomUUID(), lines).toLines().list())
                .hasSize(Quantity.MAX_LINES);
    }
}
