package dev.orderflow.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.orderflow.defaults.fixture.TestOperators;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;

class StockApiTest extends InventoryServiceFixture {

    @Test
    void receivedGoodsAreOnHandAndInTheLedger() {
        var sku = createArticle(0);
        var first = receive(sku, 3, "a-" + sku);
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.json().path("available").longValue()).isEqualTo(3);
        receive(sku, 4, "b-" + sku);
        var stock = stock(sku);
        assertThat(stock.path("onHand").longValue()).isEqualTo(7);
        assertThat(stock.path("ledger").path("received").longValue()).isEqualTo(7);
        assertThat(stock.path("ledger").path("consistent").booleanValue()).isTrue();
    }

    @Test
    void aRepeatedReceiptIsRecordedOnce() {
        var sku = createArticle(0);
        var first = receive(sku, 3, "note-" + sku);
        var again = receive(sku, 3, "note-" + sku);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(receive(sku, 4, "note-" + sku).status()).isEqualTo(422);
        assertThat(available(sku)).isEqualTo(3);
    }

    /// The key was used by a machine, so the receipt is refused.
    @Test
    void aRefusedReceiptOfAPersonIsRecordedWithQuantityAndReference() {
        var sku = createArticle(0);
        receive(sku, 3, "machine-" + sku);
        var refused =
                send(
                        port,
                        "POST",
                        "/internal/stock/" + sku + "/receipts",
                        Map.of(
                                "Content-Type",
                                "application/json",
                                "Authorization",
                                TestOperators.administrator("oskar"),
                                "Idempotency-Key",
                                "machine-" + sku),
                        "{\"quantity\":4,\"reference\":\"delivery note 8\"}");
        assertThat(refused.status()).isEqualTo(422);
        var action = get("/internal/operator-actions?subject=" + sku).json().at("/actions/0");
        assertThat(action.path("action").asString("")).isEqualTo("RECEIVE_STOCK");
        assertThat(action.path("reason").asString("")).isEqualTo("delivery note 8");
        assertThat(action.path("detail").asString("")).isEqualTo("quantity 4");
    }

    @Test
    void theLedgerHasAllMovementsNewestFirst() {
        var sku = createArticle(10);
        var order = UUID.randomUUID();
        reserve(order, sku, 4);
        release(order);
        var ledger = get("/internal/stock/" + sku + "/ledger").json().path("entries");
        assertThat(ledger)
                .extracting(entry -> entry.path("movement").asString())
                .containsExactly("RELEASED", "RESERVED", "RECEIVED");
        assertThat(ledger)
                .extracting(entry -> entry.path("reservedChange").intValue())
                .containsExactly(-4, 4, 0);
        assertThat(ledger)
                .extracting(entry -> entry.path("reservedAfter").intValue())
                .containsExactly(0, 4, 0);
        assertThat(ledger.path(0).path("orderId").asString()).isEqualTo(order.toString());
        assertThat(ledger.path(2).path("reference").asString()).isEqualTo("delivery note 7");
    }

    @Test
    void theLedgerIsPaged() {
        var sku = createArticle(1);
        for (int i = 0; i < 6; i++) {
            receive(sku, 1, i + sku);
        }
        var seen = new ArrayList<Long>();
        var path = "/internal/stock/" + sku + "/ledger?limit=3";
        var page = get(path).json();
        while (true) {
            page.path("entries").forEach(entry -> seen.add(entry.path("onHandAfter").longValue()));
            if (!page.has("next")) {
                break;
            }
            page = get(path + "&cursor=" + page.path("next").longValue()).json();
        }
        assertThat(seen).containsExactly(7L, 6L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void articlesArePaged() {
        var mine = times(3, _ -> createArticle(2));
        var seen = new ArrayList<String>();
        var page = get("/internal/stock?limit=2").json();
        while (true) {
            page.path("stock").forEach(level -> seen.add(level.path("sku").asString()));
            if (!page.has("next")) {
                break;
            }
            page = get("/internal/stock?limit=2&cursor=" + page.path("next").asString()).json();
        }
        assertThat(seen).containsAll(mine).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void theAuditShowsStockLedgerAndReservations() {
        var sku = createArticle(5);
        reserve(UUID.randomUUID(), sku, 2);
        release(reserved(sku, 1));
        assertThat(auditOf(sku).toString())
                .isEqualTo(
                        "{\"sku\":\"%s\",\"onHand\":5,\"reserved\":2,\"ledgerOnHand\":5,\"ledgerReserved\":2,\"reservedForOrders\":2,\"consistent\":true}"
                                .formatted(sku));
    }

    @Test
    void theAuditShowsAReservationWithoutItsStock() {
        var sku = createArticle(5);
        var order = reserved(sku, 2);
        jdbc.sql("UPDATE reservation SET state = 'EXPIRED' WHERE order_id = :order")
                .param("order", order)
                .update();
        assertThat(auditOf(sku).path("consistent").asBoolean(true)).isFalse();
        jdbc.sql("UPDATE reservation SET state = 'RESERVED' WHERE order_id = :order")
                .param("order", order)
                .update();
        assertThat(auditOf(sku).path("consistent").asBoolean(false)).isTrue();
    }

    @Test
    void theAuditOfChangesHasArticlesThatChangedAndThoseThatAreNamed() {
        var changed = createArticle(5);
        var named = createArticle(3);
        reserved(changed, 2);
        reserved(named, 1);
        // Later than what a transaction of this test could have begun with.
        var readAt =
                Instant.parse(get("/internal/stock/audit").json().path("readAt").asString())
                        .plus(Duration.ofMinutes(10));
        assertThat(get("/internal/stock/audit?changedSince=" + readAt).json().toString())
                .startsWith("{\"articles\":[],\"readAt\":");
        var answer = get("/internal/stock/audit?changedSince=" + readAt + "&sku=" + named).json();
        var page = answer.path("articles");
        assertThat(page).as(answer.toString()).hasSize(1);
        assertThat(page.path(0).toString())
                .isEqualTo(
                        "{\"sku\":\"%s\",\"onHand\":3,\"reserved\":1,\"ledgerOnHand\":3,\"ledgerReserved\":1,\"reservedForOrders\":1,\"consistent\":true}"
                                .formatted(named));
        var since = readAt.minus(Duration.ofMinutes(20));
        var first = get("/internal/stock/audit?limit=1&changedSince=" + since).json();
        assertThat(first.path("articles")).hasSize(1);
        assertThat(first.path("next").isString()).isTrue();
        assertThat(get("/internal/stock/audit?limit=200&changedSince=" + since).json().toString())
                .contains(auditOf(changed).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "-1000000000-01-01T00:00:00Z",
                "%2B300000-01-01T00:00:00Z",
                "-9999-01-01T00:00:00Z"
            })
    void anAuditSinceATimeThatCannotBeIsRefused(String since) {
        var refused = get("/internal/stock/audit?changedSince=" + since);
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("`changedSince` must be a time between 1970 and 9999");
    }

    private UUID reserved(String sku, int quantity) {
        var order = UUID.randomUUID();
        reserve(order, sku, quantity);
        return order;
    }

    private JsonNode auditOf(String sku) {
        var page = get("/internal/stock/audit?limit=1").json();
        while (!page.path("articles").path(0).path("sku").asString("").equals(sku)) {
            page =
                    get("/internal/stock/audit?limit=1&cursor=" + page.path("next").stringValue())
                            .json();
        }
        return page.path("articles").path(0);
    }

    @Test
    void anUnknownArticleIsNotFound() {
        for (var path : List.of("/internal/stock/UNKNOWN", "/internal/stock/UNKNOWN/ledger")) {
            var response = get(path);
            assertThat(response.status()).isEqualTo(404);
            assertThat(response.problem()).isEqualTo("sku-not-found");
        }
    }

    @Test
    void theLedgerIsAppendOnly() {
        var sku = createArticle(5);
        for (var sql :
                List.of(
                        "UPDATE stock_ledger SET on_hand_change = 6 WHERE sku = :sku",
                        "DELETE FROM stock_ledger WHERE sku = :sku")) {
            assertThatExceptionOfType(DataAccessException.class)
                    .isThrownBy(() -> jdbc.sql(sql).param("sku", sku).update())
                    .withMessageContaining("append-only");
        }
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> jdbc.sql("TRUNCATE stock_ledger").update());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE stock SET on_hand = on_hand + 1 WHERE sku = :sku",
                "UPDATE stock SET reserved = reserved + 1 WHERE sku = :sku",
                "INSERT INTO stock (sku, on_hand, reserved) VALUES (:sku || '-B', 1, 0)",
                """
                INSERT INTO stock_ledger (sku, movement, reference, on_hand_change, reserved_change, on_hand_after,
                                          reserved_after)
                VALUES (:sku, 'RECEIVED', 'by hand', 1, 0, 6, 0)
                """
            })
    void aTransactionInWhichStockAndLedgerDifferCannotCommit(String sql) {
        var sku = createArticle(5);
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> jdbc.sql(sql).param("sku", sku).update())
                .withMessageContaining("differs from the ledger");
        assertThat(available(sku)).isEqualTo(5);
    }

    @Test
    void theTableRefusesOversoldStock() {
        var sku = createArticle(5);
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(
                        () ->
                                jdbc.sql("UPDATE stock SET reserved = 6 WHERE sku = :sku")
                                        .param("sku", sku)
                                        .update())
                .withMessageContaining("never_oversold");
    }
}
