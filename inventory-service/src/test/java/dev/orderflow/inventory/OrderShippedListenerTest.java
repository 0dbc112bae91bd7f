package dev.orderflow.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.OrderCancelled;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Total;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

class OrderShippedListenerTest extends InventoryServiceFixture {

    @Test
    void aShippedOrderIsDeductedFromStock() {
        var sku = createArticle(5);
        var order = UUID.randomUUID();
        reserve(order, sku, 2);
        SqsFixture.send(QUEUE, shipped(order, sku, 2));
        await().until(() -> state(order).equals("FULFILLED"));
        var stock = stock(sku);
        assertThat(stock.path("onHand").longValue()).isEqualTo(3);
        assertThat(stock.path("reserved").longValue()).isZero();
        assertThat(stock.path("available").longValue()).isEqualTo(3);
        assertThat(stock.path("ledger").path("shipped").longValue()).isEqualTo(2);
        await().until(() -> SqsFixture.depth(QUEUE) == 0);
    }

    @Test
    void aRepeatedEventChangesNothing() {
        var sku = createArticle(5);
        var order = UUID.randomUUID();
        double fulfilled = reservationCount("FULFILLED");
        reserve(order, sku, 2);
        for (int i = 0; i < 5; i++) {
            SqsFixture.send(QUEUE, shipped(order, sku, 2));
        }
        await().until(() -> state(order).equals("FULFILLED") && SqsFixture.depth(QUEUE) == 0);
        assertThat(stock(sku).path("onHand").longValue()).isEqualTo(3);
        await().untilAsserted(
                        () -> assertThat(reservationCount("FULFILLED")).isEqualTo(fulfilled + 1));
        assertThat(SqsFixture.depth(QUEUE + "-dlq")).isZero();
    }

    @Test
    void aShippedOrderCannotBeReleasedAndKeepsItsFirstResult() {
        var sku = createArticle(5);
        var order = UUID.randomUUID();
        var first = reserve(order, sku, 2);
        SqsFixture.send(QUEUE, shipped(order, sku, 2));
        await().until(() -> state(order).equals("FULFILLED"));
        var late = release(order);
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.problem()).isEqualTo("reservation-fulfilled");
        assertThat(reserve(order, sku, 2).body()).isEqualTo(first.body());
        assertThat(stock(sku).path("onHand").longValue()).isEqualTo(3);
    }

    @Test
    void aShipmentOutOfOrderIsDeadLetteredAndProcessedAfterARedrive() {
        var sku = createArticle(5);
        var order = UUID.randomUUID();
        var shipped = shipped(order, sku, 2);
        SqsFixture.send(QUEUE, shipped);
        var dead = awaitDeadLetter(shipped);
        assertThat(reason(dead)).isEqualTo("the shipped order has no reservation");
        assertThat(stock(sku).path("onHand").longValue()).isEqualTo(5);
        // An operator finds the missing reservation and redrives the message.
        reserve(order, sku, 2);
        SqsFixture.send(QUEUE, dead.body());
        await().until(() -> state(order).equals("FULFILLED"));
        assertThat(stock(sku).path("onHand").longValue()).isEqualTo(3);
    }

    @Test
    void aShipmentOfDifferentLinesIsDeadLettered() {
        var sku = createArticle(5);
        var order = UUID.randomUUID();
        reserve(order, sku, 2);
        var shipped = shipped(order, sku, 3);
        SqsFixture.send(QUEUE, shipped);
        assertThat(reason(awaitDeadLetter(shipped)))
                .isEqualTo("shipped lines differ from the reserved lines");
        assertThat(state(order)).isEqualTo("RESERVED");
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void invalidMessagesAreDeadLetteredWithTheReason() {
        var order = UUID.randomUUID();
        deadLettered("no json at all", "malformed message");
        deadLettered("{}", "malformed message: detail-type must be a string");
        deadLettered(
                shipped(order, "A", 1).replace("OrderShipped", "OrderTeleported"),
                "unknown message type OrderTeleported");
        deadLettered(
                shipped(order, "A", 1).replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                "unknown version 2 of OrderShipped");
        deadLettered(
                shipped(order, "A", 1).replace("\"quantity\":1", "\"quantity\":0"),
                "malformed message: quantity must be at least 1 but was 0");
        deadLettered(
                shipped(order, "A", 1).replace("\"quantity\":1", "\"quantity\":2000000000"),
                "shipped lines exceed the limits of a reservation");
        deadLettered(
                envelope(
                        new OrderCancelled(
                                OrderEvent.idOf(order, OrderCancelled.class),
                                1,
                                Instant.EPOCH,
                                order,
                                3,
                                "cust-1",
                                OrderCancelled.OrderCancellationReason.CUSTOMER_REQUEST,
                                new Total(new BigDecimal("1.00"), "EUR"),
                                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")),
                "unexpected message type OrderCancelled");
    }

    private static void deadLettered(String body, String reason) {
        SqsFixture.send(QUEUE, body);
        assertThat(reason(awaitDeadLetter(body))).startsWith(reason);
    }

    private static Message awaitDeadLetter(String body) {
        return await().until(
                        () ->
                                SqsFixture.receiveAndDelete(QUEUE + "-dlq").stream()
                                        .filter(message -> message.body().equals(body))
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static String reason(Message dead) {
        return dead.messageAttributes().get("reason").stringValue();
    }
}
