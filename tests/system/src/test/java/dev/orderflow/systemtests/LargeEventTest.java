package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An event whose detail exceeds the limit of the bus, which is small in these tests.
@ResourceLock(RunningSystem.SHARED)
class LargeEventTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final RunningSystem system = RunningSystem.shared();
    private final ShopClient shop = new ShopClient(system);

    @Test
    void anOrderWithALargeEventShipsAndIsCountedOnceEvenIfTheEventIsDeliveredTwice() {
        var skus = IntStream.range(0, 25).mapToObj(_ -> shop.stocked("2.00", 10)).toList();
        try (var observer = new BusObserver(system);
                var s3 = system.client(S3Client.builder().forcePathStyle(true))) {
            var order = place(skus);
            var event = observer.awaitEvent("OrderCreated", order);
            assertThat(event.at("/detail/orderId").asString()).isEqualTo(order);
            assertThat(event.path("detail").has("lines")).isFalse();
            var place = event.at("/detail/claimCheck");
            var detail =
                    JSON.readTree(
                            s3.getObjectAsBytes(
                                            get ->
                                                    get.bucket(place.path("bucket").asString())
                                                            .key(place.path("key").asString()))
                                    .asUtf8String());
            assertThat(detail.path("lines").size()).isEqualTo(25);
            assertThat(detail.path("eventId")).isEqualTo(event.at("/detail/eventId"));

            shop.awaitState(order, "SHIPPED");
            await("analytics").until(() -> facts(order).size() == 3);
            await("inventory")
                    .until(() -> shop.stock(skus.getLast()).path("onHand").intValue() == 9);

            observer.tellAgain(event);
            var queues = new Queues(system);
            await("both consumers")
                    .until(
                            () ->
                                    queues.depth("analytics") == 0
                                            && queues.depth("fulfilment-requests") == 0);
            assertThat(facts(order)).hasSize(3);
            assertThat(shop.bookings(order)).isEqualTo(1);
            assertThat(ShopClient.sameAmount(shop.gatewayLedger(order).path("captured"), "50.00"))
                    .isTrue();
        }
    }

    private String place(List<String> skus) {
        var body = shop.body(skus.getFirst(), 1, ShopClient.VISA);
        var lines = body.putArray("lines");
        skus.forEach(sku -> lines.addObject().put("sku", sku).put("quantity", 1));
        var answer = shop.place(UUID.randomUUID().toString(), body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body()).path("orderId").asString();
    }

    private List<JsonNode> facts(String order) {
        return shop.internal("GET", system.analytics(), "/internal/facts/" + order, null)
                .path("facts")
                .valueStream()
                .toList();
    }
}
