package dev.orderflow.order.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@RunningOrderService
class OrderChangesTest {

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    @Autowired
    OrderChangesTest(@LocalServerPort int port, JdbcClient jdbc, TransactionTemplate transactions) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Test
    void changesArePagedInSequenceEachOnce() {
        var sku = api.createArticle("24.95", "EUR");
        var orders = Stream.generate(() -> cancelled(sku)).limit(3).toList();
        orders.forEach(order -> moveChangesBack(order, "1 minute"));

        assertThat(follow(2)).filteredOn(orders::contains).isEqualTo(orders);
    }

    /// The change of the earlier transaction is committed last, but recorded first.
    @Test
    void changesAreHeldBackWhileAnEarlierTransactionIsOpen() {
        var sku = api.createArticle("24.95", "EUR");
        var earlier = api.placeAccepted(sku);
        var later = api.placeAccepted(sku);
        transactions.executeWithoutResult(
                _ -> {
                    appendChange(earlier);
                    assertThat(api.cancel(later).statusCode()).isEqualTo(202);
                    // In a thread of its own, and so not in this transaction.
                    await().until(() -> isChangeOlderThan(later, "2500 milliseconds"));
                    assertThat(follow(500)).doesNotContain(earlier, later);
                });
        assertThat(follow(500)).containsSubsequence(earlier, later);
    }

    private void appendChange(String order) {
        jdbc.sql(
                        """
                        INSERT INTO order_timeline (order_id, occurred_at, type, effect, state)
                        VALUES (:id, now(), 'OrderConfirmed', 'LATE', 'PENDING')
                        """)
                .param("id", UUID.fromString(order))
                .update();
    }

    private boolean isChangeOlderThan(String order, String age) {
        return jdbc.sql(
                        """
                        SELECT max(recorded_at) < now() - :age::interval FROM order_timeline
                         WHERE order_id = :id
                        """)
                .param("age", age)
                .param("id", UUID.fromString(order))
                .query(Boolean.class)
                .single();
    }

    @Test
    void aChangeHasTheCurrentStateOfItsOrder() {
        var order = cancelled(api.createArticle("24.95", "EUR"));
        moveChangesBack(order, "1 minute");
        var changes =
                OrderApiClient.json(
                                api.sendInternal("GET", "/internal/orders/changes?limit=500", ""))
                        .path("changes");
        var states = new ArrayList<String>();
        changes.forEach(
                change -> {
                    if (change.path("orderId").asString().equals(order)) {
                        states.add(change.path("state").asString());
                    }
                });
        assertThat(states).containsExactly("CANCEL_REQUESTED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cursor=1",
                "cursor=a-b",
                "cursor=1-2-3",
                "cursor=-1-2",
                "cursor=9999999999999999999-1",
                "limit=0",
                "limit=501",
                "limit=x"
            })
    void anInvalidQueryIsRefused(String question) {
        var answer = api.sendInternal("GET", "/internal/orders/changes?" + question, "");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(OrderApiClient.problemType(answer)).isIn("invalid-request", "bad-request");
    }

    @Test
    void aCursorInTheFutureFindsNothing() {
        var after = "999999999999999999-999999999999999999";
        var answer = api.sendInternal("GET", "/internal/orders/changes?cursor=" + after, "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(OrderApiClient.json(answer).path("changes")).isEmpty();
        assertThat(OrderApiClient.json(answer).has("next")).isFalse();
    }

    private String cancelled(String sku) {
        var order = api.placeAccepted(sku);
        assertThat(api.cancel(order).statusCode()).isEqualTo(202);
        return order;
    }

    /// The order ids of all pages.
    private List<String> follow(int limit) {
        var orders = new ArrayList<String>();
        var after = "0-0";
        while (true) {
            var page =
                    OrderApiClient.json(
                            api.sendInternal(
                                    "GET",
                                    "/internal/orders/changes?limit=" + limit + "&cursor=" + after,
                                    ""));
            if (!page.has("next")) {
                return orders;
            }
            assertThat(page.path("changes").size()).isBetween(1, limit);
            page.path("changes").forEach(change -> orders.add(change.path("orderId").asString()));
            after = page.path("next").asString();
        }
    }

    private void moveChangesBack(String order, String age) {
        jdbc.sql(
                        """
                        UPDATE order_timeline SET recorded_at = now() - :age::interval
                         WHERE order_id = :id
                        """)
                .param("age", age)
                .param("id", UUID.fromString(order))
                .update();
    }
}
