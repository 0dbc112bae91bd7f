package dev.orderflow.order.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Quantity;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.contracts.value.UuidV7;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:15:30.123456Z");
    private static final DeliveryDetails DELIVERY =
            new DeliveryDetails("ada@example.org", "Ada", "1 Street", "N1", "London", "GB");

    @Test
    void theTotalIsTheSumOfTheLines() {
        var order = order(List.of(line("MUG", 2, "24.95"), line("CUP", 1, "0.10")));
        assertThat(order.total()).isEqualTo(Money.of("50.00", "EUR"));
        assertThat(order.state()).isEqualTo(new OrderState.Pending());
    }

    @Test
    void aTotalThatIsNotTheSumIsRefused() {
        var order = order(List.of(line("MUG", 2, "24.95")));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new Order(
                                        order.id(),
                                        order.customer(),
                                        order.state(),
                                        order.lines(),
                                        Money.of("0.01", "EUR"),
                                        NOW,
                                        Optional.empty()));
    }

    @Test
    void anOrderHasOneToFiftyLinesWithDistinctArticles() {
        assertThatIllegalArgumentException().isThrownBy(() -> order(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> order(List.of(line("MUG", 1, "1"), line("MUG", 1, "1"))));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                order(
                                        IntStream.rangeClosed(0, Quantity.MAX_LINES)
                                                .mapToObj(n -> line("SKU-" + n, 1, "1"))
                                                .toList()));
        assertThatIllegalArgumentException().isThrownBy(() -> line("MUG", 0, "1"));
        assertThatIllegalArgumentException().isThrownBy(() -> line("MUG", 1001, "1"));
    }

    @Test
    void toStringOmitsPersonalData() {
        var order = order(List.of(line("MUG", 1, "1")));
        assertThat(
                        order
                                + " "
                                + DELIVERY
                                + new PersonalData.AvailablePersonalData(DELIVERY, "pm_card_visa"))
                .doesNotContain("ada@example.org", "Ada", "Street", "London", "pm_card");
    }

    private static Order order(List<OrderLine> lines) {
        return Order.place(UuidV7.create(NOW), new CustomerRef("ada"), lines, NOW);
    }

    private static OrderLine line(String sku, int quantity, String price) {
        return new OrderLine(new Sku(sku), "An article", quantity, Money.of(price, "EUR"));
    }
}
