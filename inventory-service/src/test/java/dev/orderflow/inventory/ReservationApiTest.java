package dev.orderflow.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

class ReservationApiTest extends InventoryServiceFixture {

    @Autowired private EntityManagerFactory entityManagers;

    @Autowired private TransactionTemplate transactions;

    @Test
    void allLinesAreReservedUntilTheReservationExpires() {
        var mug = createArticle(5);
        var pot = createArticle(3);
        var order = UUID.randomUUID();
        var response =
                post(
                        "/internal/reservations",
                        order + ":reservation",
                        """
                        {"orderId":"%s","lines":[{"sku":"%s","quantity":2},{"sku":"%s","quantity":3}]}"""
                                .formatted(order, mug, pot));
        assertThat(response.status()).isEqualTo(201);
        assertThat(response.header("Location")).isEqualTo("/internal/reservations/" + order);
        assertThat(response.json().path("orderId").asString()).isEqualTo(order.toString());
        assertThat(response.json().path("state").asString()).isEqualTo("RESERVED");
        assertThat(UUID.fromString(response.json().path("reservationId").asString()).version())
                .isEqualTo(7);
        assertThat(Instant.parse(response.json().path("expiresAt").asString()))
                .isAfter(Instant.now().plus(Duration.ofDays(13)));
        assertThat(available(mug)).isEqualTo(3);
        assertThat(available(pot)).isZero();
        assertThat(stock(pot).path("onHand").longValue()).isEqualTo(3);
        assertThat(get("/internal/reservations/" + order).json().path("lines")).hasSize(2);
    }

    @Test
    void anOrderWithOneUnavailableLineReservesNothing() {
        var plenty = createArticle(100);
        var rare = createArticle(1);
        var order = UUID.randomUUID();
        double stockOuts = meters.counter("inventory.stock.outs").count();
        var response =
                post(
                        "/internal/reservations",
                        order + ":reservation",
                        """
                        {"orderId":"%s","lines":[{"sku":"%s","quantity":2},{"sku":"%s","quantity":2}]}"""
                                .formatted(order, plenty, rare));
        assertThat(response.status()).isEqualTo(409);
        assertThat(response.problem()).isEqualTo("out-of-stock");
        assertThat(response.json().path("sku").asString()).isEqualTo(rare);
        assertThat(response.json().path("requested").intValue()).isEqualTo(2);
        assertThat(response.json().path("available").intValue()).isEqualTo(1);
        assertThat(available(plenty)).isEqualTo(100);
        assertThat(available(rare)).isEqualTo(1);
        assertThat(state(order)).isEqualTo("REFUSED");
        assertThat(meters.counter("inventory.stock.outs").count()).isEqualTo(stockOuts + 1);
    }

    @Test
    void anUnknownArticleIsOutOfStock() {
        var response = reserve(UUID.randomUUID(), createArticle(0), 1);
        assertThat(response.status()).isEqualTo(409);
        assertThat(response.json().path("available").intValue(-1)).isZero();
    }

    @Test
    void aRepeatedRequestGetsTheFirstResponseByteForByteAndReservesNothingMore() {
        var sku = createArticle(10);
        var order = UUID.randomUUID();
        double held = reservationCount("RESERVED");
        var first = reserve(order, sku, 2);
        var again = reserve(order, sku, 2);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(available(sku)).isEqualTo(8);
        assertThat(reservationCount("RESERVED")).isEqualTo(held + 1);
    }

    @Test
    void aRejectionIsFinalEvenAfterNewGoodsArrived() {
        var sku = createArticle(1);
        var order = UUID.randomUUID();
        var first = reserve(order, sku, 2);
        receive(sku, 50, "more-" + sku);
        var again = reserve(order, sku, 2);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(available(sku)).isEqualTo(51);
    }

    @Test
    void differentLinesForTheSameOrderAreRefused() {
        var sku = createArticle(10);
        var order = UUID.randomUUID();
        reserve(order, sku, 2);
        var other = reserve(order, sku, 3);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        assertThat(available(sku)).isEqualTo(8);
    }

    @Test
    void theKeyOfAnotherOrderIsRefused() {
        var sku = createArticle(10);
        var order = UUID.randomUUID();
        reserve(order, sku, 2);
        var other =
                post(
                        "/internal/reservations",
                        order + ":reservation",
                        reserveBody(UUID.randomUUID(), sku, 2));
        assertThat(other.status()).isEqualTo(422);
        assertThat(available(sku)).isEqualTo(8);
    }

    @Test
    void aRepeatedOrderUnderAnotherKeyGetsTheFirstResult() {
        var sku = createArticle(10);
        var order = UUID.randomUUID();
        var first = reserve(order, sku, 2);
        var again = post("/internal/reservations", "redriven-" + order, reserveBody(order, sku, 2));
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(available(sku)).isEqualTo(8);
    }

    @Test
    void linesOfTheSameArticleAreAddedUp() {
        var sku = createArticle(3);
        var order = UUID.randomUUID();
        var response =
                post("/internal/reservations", order + ":r", reserveBody(order, List.of(sku, sku)));
        assertThat(response.status()).isEqualTo(201);
        assertThat(available(sku)).isEqualTo(1);
    }

    @Test
    void aReleaseReturnsTheStockOnce() {
        var sku = createArticle(4);
        var order = UUID.randomUUID();
        reserve(order, sku, 4);
        for (int i = 0; i < 3; i++) {
            var released = release(order);
            assertThat(released.status()).isEqualTo(200);
            assertThat(released.body())
                    .isEqualTo("{\"orderId\":\"%s\",\"state\":\"RELEASED\"}".formatted(order));
        }
        assertThat(available(sku)).isEqualTo(4);
        assertThat(state(order)).isEqualTo("RELEASED");
    }

    @Test
    void aReservationAfterAnEarlyReleaseIsRefused() {
        var sku = createArticle(4);
        var order = UUID.randomUUID();
        assertThat(release(order).status()).isEqualTo(200);
        var late = reserve(order, sku, 1);
        assertThat(late.status()).isEqualTo(410);
        assertThat(late.problem()).isEqualTo("reservation-released");
        assertThat(available(sku)).isEqualTo(4);
        assertThat(get("/internal/reservations/" + order).json().path("lines")).isEmpty();
    }

    @Test
    void aReservationAfterItsReleaseIsRefused() {
        var sku = createArticle(4);
        var order = UUID.randomUUID();
        reserve(order, sku, 1);
        release(order);
        assertThat(reserve(order, sku, 1).status()).isEqualTo(410);
        assertThat(available(sku)).isEqualTo(4);
    }

    @Test
    void aReleaseUnderTheKeyOfAnotherOrdersReleaseIsRefused() {
        var sku = createArticle(4);
        var mine = UUID.randomUUID();
        var theirs = UUID.randomUUID();
        reserve(mine, sku, 1);
        reserve(theirs, sku, 1);
        release(mine);
        var path = "/internal/reservations/" + theirs + "/release";
        assertThat(post(path, mine + ":release", "{}").status()).isEqualTo(422);
        var unknown = "/internal/reservations/" + UUID.randomUUID() + "/release";
        assertThat(post(unknown, mine + ":release", "{}").status()).isEqualTo(422);
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void aRequestThatWaitsTooLongForALockGets503() {
        var sku = createArticle(4);
        var held = UUID.randomUUID();
        reserve(held, sku, 1);
        var order = UUID.randomUUID();
        transactions.executeWithoutResult(
                _ -> {
                    jdbc.sql("SELECT FROM stock WHERE sku = :sku FOR UPDATE")
                            .param("sku", sku)
                            .query((_, _) -> true)
                            .list();
                    jdbc.sql("SELECT FROM reservation WHERE order_id = :order FOR UPDATE")
                            .param("order", held)
                            .query((_, _) -> true)
                            .list();
                    for (var response : List.of(reserve(order, sku, 1), release(held))) {
                        assertThat(response.status()).isEqualTo(503);
                        assertThat(response.problem()).isEqualTo("temporarily-unavailable");
                        assertThat(response.header("Retry-After")).isNotEmpty();
                    }
                });
        assertThat(reserve(order, sku, 1).status()).isEqualTo(201);
        assertThat(release(held).status()).isEqualTo(200);
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void aMissingReservationIsNotFound() {
        var response = get("/internal/reservations/" + UUID.randomUUID());
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.problem()).isEqualTo("reservation-not-found");
    }

    @Test
    void theStateBatchHasManyOrders() {
        var sku = createArticle(3);
        var held = UUID.randomUUID();
        var released = UUID.randomUUID();
        reserve(held, sku, 2);
        release(released);
        var response = stateBatch(List.of(held, released, UUID.randomUUID()));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.json().path("reservations"))
                .extracting(one -> one.path("orderId").asString() + one.path("state").asString())
                .containsExactlyInAnyOrder(held + "RESERVED", released + "RELEASED");
        assertThat(stateBatch(List.of()).status()).isEqualTo(400);
        assertThat(stateBatch(times(201, _ -> held)).status()).isEqualTo(400);
    }

    @Test
    void anyNumberOfReservationsIsReadWithItsLinesInOneStatement() {
        var sku = createArticle(48);
        var other = createArticle(48);
        var orders = times(48, _ -> UUID.randomUUID());
        for (var order : orders) {
            post(
                    "/internal/reservations",
                    order + ":reservation",
                    "{\"orderId\":\"%s\",\"lines\":[{\"sku\":\"%s\",\"quantity\":1},{\"sku\":\"%s\",\"quantity\":1}]}"
                            .formatted(order, sku, other));
        }
        var statistics = entityManagers.unwrap(SessionFactory.class).getStatistics();
        statistics.setStatisticsEnabled(true);
        try {
            statistics.clear();
            var response = stateBatch(orders);
            assertThat(response.json().path("reservations"))
                    .hasSize(48)
                    .allSatisfy(one -> assertThat(one.path("lines")).hasSize(2));
            assertThat(statistics.getPrepareStatementCount()).isEqualTo(1);

            statistics.clear();
            assertThat(get("/internal/reservations/" + orders.getFirst()).status()).isEqualTo(200);
            assertThat(statistics.getPrepareStatementCount()).isEqualTo(1);
        } finally {
            statistics.setStatisticsEnabled(false);
        }
    }

    private ApiResponse stateBatch(List<UUID> orders) {
        var ids = orders.stream().map("\"%s\""::formatted).toList();
        return post(
                "/internal/reservations/state-batch",
                "unused",
                "{\"orderIds\":[%s]}".formatted(String.join(",", ids)));
    }

    @Test
    void aRangeHeaderIsIgnored() {
        var sku = createArticle(1);
        var order = UUID.randomUUID();
        var response =
                send(
                        port,
                        "POST",
                        "/internal/reservations",
                        Map.of(
                                "X-Api-Key", API_KEY,
                                "Idempotency-Key", order + ":r",
                                "Content-Type", "application/json",
                                "Range", "bytes=0-262144",
                                "traceparent",
                                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
                        reserveBody(order, sku, 1));
        assertThat(response.status()).isEqualTo(201);
        assertThat(response.json().path("state").asString()).isEqualTo("RESERVED");
    }
}
