package dev.orderflow.order.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.EventLine;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.Total;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.PayloadStore.StoredPayload;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OrderClaimCheckFormatTest {

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final StoredPayload STORED =
            new StoredPayload("ours", "events/k.json", 7, "0".repeat(64));

    private final OrderClaimCheckFormat format = new OrderClaimCheckFormat();

    @Test
    void aClaimCheckHasTheFieldsByWhichEventsAreRoutedAndTraced() {
        var event = event();
        assertThat(format.supports(event)).isTrue();
        var whole = JsonMapper.shared().readTree(event.payload().text());
        var check = JsonMapper.shared().readTree(format.write(event, STORED).text());
        assertThat(check.propertyNames())
                .containsExactlyInAnyOrder(
                        "eventId",
                        "schemaVersion",
                        "occurredAt",
                        "orderId",
                        "orderVersion",
                        "traceparent",
                        "claimCheck");
        for (var field : List.of("eventId", "schemaVersion", "occurredAt", "orderId")) {
            assertThat(check.path(field)).isEqualTo(whole.path(field));
        }
        assertThat(check.at("/traceparent").asString()).isEqualTo(TRACE);
        assertThat(check.at("/claimCheck/key").asString()).isEqualTo("events/k.json");
    }

    @Test
    void onlyOrderEventsHaveClaimChecks() {
        assertThat(format.supports(event().withPayload(EventPayload.json("xxx")))).isFalse();
    }

    private static OutboxEvent event() {
        var order = UUID.randomUUID();
        var event =
                new OrderCreated(
                        OrderEvent.idOf(order, OrderCreated.class),
                        1,
                        Instant.parse("2026-11-02T09:15:30.250Z"),
                        order,
                        1,
                        "cust-1842",
                        List.of(new EventLine("MUG-BLUE", 2)),
                        new Total(new BigDecimal("49.90"), "EUR"),
                        TRACE);
        return OutboxEvent.of(
                        event.type(),
                        order.toString(),
                        EventPayload.json(MessageCodec.write(event)))
                .withId(event.eventId());
    }
}
