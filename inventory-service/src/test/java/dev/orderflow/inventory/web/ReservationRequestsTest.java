package dev.orderflow.inventory.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.inventory.web.ReservationController.WantedLine;
import dev.orderflow.inventory.web.ReservationController.Wish;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the door of orders accepts is accepted here: the same values are tried there.
class ReservationRequestsTest {

    @Test
    void anSkuIsWhatTheDoorAccepts() {
        assertThat(BoundaryValues.SKU.validValues())
                .allSatisfy(sku -> assertThat(new WantedLine(sku, 1).line()).isNotNull());
        assertThat(BoundaryValues.SKU.invalidValues())
                .allSatisfy(
                        sku ->
                                assertThatThrownBy(() -> new WantedLine(sku, 1))
                                        .isInstanceOf(InvalidValueException.class)
                                        .hasMessageStartingWith("sku "));
    }

    @Test
    void everyQuantityThatTheDoorAcceptsCanBeReserved() {
        assertThat(BoundaryValues.QUANTITY.validValues())
                .allSatisfy(
                        quantity ->
                                assertThat(new WantedLine("A", Integer.parseInt(quantity)).line())
                                        .isNotNull());
        for (int none : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> new WantedLine("A", none))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageStartingWith("quantity ");
        }
    }

    @Test
    void theLargestOrderCanBeReserved() {
        var lines =
                IntStream.range(0, Quantity.MAX_LINES)
                        .mapToObj(n -> new WantedLine("SKU-" + n, Quantity.MAX_ORDERED))
                        .toList();
        assertThat(new Wish(UUID.randomUUID(), lines).wanted().list()).hasSize(Quantity.MAX_LINES);
    }
}
