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

@RunningOrderService
class OrderStateBatchTest {

    private final OrderApiClient api;

    @Autowired
    OrderStateBatchTest(@LocalServerPort int port) {
        this.api = new OrderApiClient(port);
    }

    @Test
    void theStatesOfManyOrdersAreReadWithOneRequestAndUnknownOrdersAreMissing() {
        var sku = api.createArticle("24.95", "EUR");
        var pending = api.placeAccepted(sku);
        var cancelled = api.placeAccepted(sku);
        assertThat(api.cancel(cancelled).statusCode()).isEqualTo(202);
        var answer = send(List.of(pending, cancelled, UUID.randomUUID().toString(), pending));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("email", "recipient", "customer");
        var orders = OrderApiClient.json(answer).path("orders");
        assertThat(orders.valueStream())
                .extracting(
                        order -> order.path("orderId").asString(),
                        order -> order.path("state").asString(),
                        order -> order.path("total").path("currency").asString())
                .containsExactlyInAnyOrder(
                        tuple(pending, "PENDING", "EUR"),
                        tuple(cancelled, "CANCEL_REQUESTED", "EUR"));
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
