package dev.orderflow.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@RunningOrderService
class OrderStateBatchTest {

    private final OrderApiClient api;

    private final JdbcClient jdbc;

    @Autowired
    OrderStateBatchTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
    }

    @Test
    void theStatesOfManyOrdersAreReadWithOneRequestAndUnknownOrdersAreMissing() {
        var sku = api.createArticle("24.95", "EUR");
        var pending = api.placeAccepted(sku);
        var cancelled = api.placeAccepted(sku);
        assertThat(api.cancel(cancelled).statusCode()).isEqualTo(202);
        jdbc.sql(
                        "INSERT INTO work_item (id, order_id, kind, reason) VALUES (:id, :order, 'STUCK', 'x')")
                .param("id", UUID.randomUUID())
                .param("order", UUID.fromString(cancelled))
                .update();
        var answer = send(List.of(pending, cancelled, UUID.randomUUID().toString(), pending));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("email", "recipient", "customer");
        var orders = OrderApiClient.json(answer).path("orders");
        assertThat(orders.valueStream())
                .extracting(
                        order -> order.path("orderId").asString(),
                        order -> order.path("state").asString(),
                        order -> order.path("total").path("currency").asString(),
                        order -> order.path("needsAttention").asBoolean())
                .containsExactlyInAnyOrder(
                        tuple(pending, "PENDING", "EUR", false),
                        tuple(cancelled, "CANCEL_REQUESTED", "EUR", true));
    }

    @Test
    void openOrdersAreCountedByStateAndByTheTimeInIt() {
        var sku = api.createArticle("24.95", "EUR");
        var old = api.placeAccepted(sku);
        int before = pendingOlderThanADay();
        jdbc.sql("UPDATE orders SET placed_at = now() - interval '2 days' WHERE id = :id")
                .param("id", UUID.fromString(old))
                .update();
        jdbc.sql(
                        "UPDATE order_timeline SET recorded_at = now() - interval '2 days' WHERE order_id = :id")
                .param("id", UUID.fromString(old))
                .update();
        assertThat(pendingOlderThanADay()).isEqualTo(before + 1);
        assertThat(ages().path("boundsSeconds").size()).isEqualTo(6);
    }

    private int pendingOlderThanADay() {
        return ages().path("states")
                .valueStream()
                .filter(state -> state.path("state").asString().equals("PENDING"))
                .peek(state -> assertThat(state.path("limitSeconds").asLong()).isEqualTo(900))
                .mapToInt(state -> state.path("counts").get(6).intValue())
                .findFirst()
                .orElse(0);
    }

    private JsonNode ages() {
        return OrderApiClient.json(api.sendInternal("GET", "/internal/orders/ages", ""));
    }

    @Test
    void aRequestForNoOrderOrForTooManyIsRefused() {
        assertThat(send(List.of()).statusCode()).isEqualTo(400);
        assertThat(send(Collections.nCopies(201, UUID.randomUUID().toString())).statusCode())
                .isEqualTo(400);
        assertThat(send(List.of("x")).statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> send(List<String> orders) {
        return api.sendInternal(
                "POST",
                "/internal/orders/state-batch",
                "{\"orderIds\":[%s]}"
                        .formatted(
                                String.join(
                                        ",", orders.stream().map("\"%s\""::formatted).toList())));
    }
}
