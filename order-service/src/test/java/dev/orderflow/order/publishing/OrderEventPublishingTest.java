package dev.orderflow.order.publishing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderCancellationRequested;
import dev.orderflow.contracts.OrderCreated;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.outbox.OrderEventPublisher;
import dev.orderflow.outbox.MissingTransactionException;
import dev.orderflow.outbox.OutboxTarget.TargetState;
import dev.orderflow.outbox.RecordingTarget;
import dev.orderflow.outbox.Shard;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// The relay inside the running service.
@RunningOrderService
class OrderEventPublishingTest {

    private final OrderApiClient api;
    private final RecordingTarget bus;
    private final OrderEventPublisher outbox;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    @Autowired
    OrderEventPublishingTest(
            @LocalServerPort int port,
            RecordingTarget bus,
            OrderEventPublisher outbox,
            JdbcClient jdbc,
            TransactionTemplate transactions) {
        this.api = new OrderApiClient(port);
        this.bus = bus;
        this.outbox = outbox;
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Test
    void eventsOfAnOrderArePublishedInSequence() {
        var order = api.placeAccepted(api.createArticle("9.90", "EUR"));
        assertThat(api.cancel(order).statusCode()).isEqualTo(202);
        await().until(() -> bus.accepted().contains(order + "/OrderCancellationRequested"));
        assertThat(bus.accepted().stream().filter(event -> event.startsWith(order)))
                .containsExactly(order + "/OrderCreated", order + "/OrderCancellationRequested");
    }

    @Test
    void publishedEventsConformToTheContract() {
        var order = api.placeAccepted(api.createArticle("9.90", "EUR"));
        await().until(() -> bus.accepted().contains(order + "/OrderCreated"));
        var sent =
                bus.calls.stream()
                        .flatMap(call -> call.stream())
                        .filter(event -> event.id().equals(order + "/OrderCreated"))
                        .findFirst()
                        .orElseThrow();
        var envelope =
                """
                {"version":"0","id":"%s","detail-type":"%s","source":"orderflow.orders","account":"1",
                 "time":"2026-11-02T09:15:30Z","region":"us-east-1","resources":[],"detail":%s}"""
                        .formatted(UUID.randomUUID(), sent.type(), sent.payload().text());
        assertThat(MessageCodec.readEvent(envelope))
                .isInstanceOfSatisfying(
                        ParsedMessage.ValidMessage.class,
                        known -> {
                            var event = (OrderCreated) known.message();
                            assertThat(event.orderId()).hasToString(order);
                            assertThat(event.occurredAt()).isEqualTo(sent.occurredAt());
                            assertThat(event.total().amount()).isEqualByComparingTo("9.90");
                        });
    }

    @Test
    void anEventWithoutATransactionIsRefused() {
        assertThatThrownBy(() -> outbox.publish(cancellation(UUID.randomUUID())))
                .isInstanceOf(MissingTransactionException.class);
    }

    @Test
    void anEventOfATransactionThatFailsIsNeverPublished() {
        var undone = UUID.randomUUID();
        transactions.executeWithoutResult(
                transaction -> {
                    outbox.publish(cancellation(undone));
                    transaction.setRollbackOnly();
                });
        var done = UUID.randomUUID();
        transactions.executeWithoutResult(_ -> outbox.publish(cancellation(done)));
        await().until(() -> bus.accepted().contains(done + "/OrderCancellationRequested"));
        assertThat(bus.sent).doesNotContain(undone + "/OrderCancellationRequested");
    }

    @Test
    void operatorsSeeParkedEventsAndReleaseThem() {
        var order = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO outbox_parked (id, target, shard, event_key, event_id, event_type, payload,
                                                   content_type, occurred_at, stored_at, attempts, reason)
                        VALUES (-1, 'events', :shard, :order::text, :id, 'OrderCreated', '{}', 'application/json',
                                now(), now(), 12, 'NotAuthorized')
                        """)
                .param("shard", Shard.of(order.toString()).number())
                .param("order", order)
                .param("id", order + "/OrderCreated")
                .update();
        var parked =
                JsonMapper.shared()
                        .readTree(api.sendInternal("GET", "/internal/outbox/parked", "").body());
        assertThat(parked.at("/events/0/eventId").asString()).isEqualTo(order + "/OrderCreated");
        assertThat(parked.at("/events/0/reason").asString()).isEqualTo("NotAuthorized");
        assertThat(gauge("outbox.parked")).isEqualTo(1);

        var release = "/internal/outbox/parked/" + order + "/release";
        assertThat(api.sendInternal("POST", release, "{}").statusCode()).isEqualTo(200);
        await().until(() -> bus.accepted().contains(order + "/OrderCreated"));
        var again = api.sendInternal("POST", release, "{}");
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(OrderApiClient.problemType(again)).isEqualTo("parked-event-not-found");
        assertThat(api.get("/internal/outbox/parked").statusCode()).isEqualTo(401);
    }

    @Test
    void operatorsReleaseAllEventsParkedForAReasonAndResolveTheirWorkItems() {
        var order = api.placeAccepted(api.createArticle("9.90", "EUR"));
        await().until(() -> bus.accepted().contains(order + "/OrderCreated"));
        var reason = "Rejected " + order;
        jdbc.sql(
                        """
                        WITH item AS (
                            INSERT INTO work_item (id, order_id, kind, reason)
                            VALUES (gen_random_uuid(), :order, 'EVENT_PARKED', 'made by a test'))
                        INSERT INTO outbox_parked (id, target, shard, event_key, event_id, event_type, payload,
                                                   content_type, occurred_at, stored_at, attempts, reason)
                        VALUES (-2, 'events', :shard, :order::text, :id, 'OrderCreated', '{}', 'application/json',
                                now(), now(), 5, :reason)
                        """)
                .param("order", UUID.fromString(order))
                .param("shard", Shard.of(order).number())
                .param("id", order + "/Released")
                .param("reason", reason)
                .update();
        assertThat(api.sendInternal("GET", "/internal/outbox/parked/reasons", "").body())
                .contains(reason);
        var body = "{\"reason\":\"" + reason + "\"}";
        var released =
                JsonMapper.shared()
                        .readTree(
                                api.sendInternal("POST", "/internal/outbox/parked/release", body)
                                        .body());
        assertThat(released.path("reason").asString()).isEqualTo(reason);
        assertThat(released.path("orders").asInt()).isOne();
        assertThat(released.path("events").asInt()).isOne();
        await().until(() -> bus.accepted().contains(order + "/Released"));
        assertThat(api.sendInternal("GET", "/internal/orders/" + order, "").body())
                .contains("\"needsAttention\":false");
        var again = api.sendInternal("POST", "/internal/outbox/parked/release", body);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(JsonMapper.shared().readTree(again.body()).path("events").asInt()).isZero();
        for (var wrong : new String[] {"", "{}", "{\"reason\":\"\"}", "{\"reason\":1}", "[]"}) {
            var answer = api.sendInternal("POST", "/internal/outbox/parked/release", wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void aRowWithoutAnOrderIsParkedAndReleasedAndDelaysNoOrder() {
        try {
            jdbc.sql(
                            """
                            INSERT INTO outbox (target, shard, event_key, event_id, event_type, payload,
                                                content_type, occurred_at)
                            VALUES ('events', 0, 'no order', 'of-no-order', 'Odd', '{}', '', now())
                            """)
                    .update();
            var order = api.placeAccepted(api.createArticle("9.90", "EUR"));
            await().until(() -> bus.accepted().contains(order + "/OrderCreated"));
            await().until(
                            () ->
                                    jdbc.sql(
                                                            """
                                                    UPDATE outbox_parked SET content_type = 'application/json', reason = 'of no order'
                                                    WHERE event_id = 'of-no-order'
                                                    """)
                                                    .update()
                                            == 1);
            var released =
                    api.sendInternal(
                            "POST",
                            "/internal/outbox/parked/release",
                            "{\"reason\":\"of no order\"}");
            assertThat(released.statusCode()).isEqualTo(200);
            await().until(() -> bus.accepted().contains("of-no-order"));
        } finally {
            jdbc.sql("DELETE FROM outbox_parked WHERE event_id = 'of-no-order'").update();
        }
    }

    @Test
    void healthShowsWhetherTheEventBusExistsAndReadinessDoesNotDependOnIt() {
        bus.state = new TargetState.TargetMissing();
        try {
            await().until(() -> gauge("outbox.target.missing") == 1);
            assertThat(api.get("/actuator/health").statusCode()).isEqualTo(503);
            assertThat(api.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        } finally {
            bus.state = new TargetState.TargetExists();
        }
        await().until(() -> gauge("outbox.target.missing") == 0);
        assertThat(api.get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(gauge("outbox.blocked")).isZero();
    }

    @Test
    void metersShowTheNumberAndTheAgeOfUnpublishedEvents() {
        assertThat(gauge("outbox.depth")).isNotNegative();
        assertThat(gauge("outbox.oldest.age")).isNotNegative();
    }

    private double gauge(String name) {
        var answer = api.get("/actuator/metrics/" + name);
        return JsonMapper.shared().readTree(answer.body()).at("/measurements/0/value").asDouble();
    }

    private static OrderEvent cancellation(UUID order) {
        return new OrderCancellationRequested(
                OrderEvent.idOf(order, OrderCancellationRequested.class),
                1,
                Instant.now(),
                order,
                2,
                "cust-1",
                null);
    }
}
