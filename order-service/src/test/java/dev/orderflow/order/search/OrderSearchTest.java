package dev.orderflow.order.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@RunningOrderService
class OrderSearchTest {

    private final OrderApiClient api;
    private final JdbcClient jdbc;

    @Autowired
    OrderSearchTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
    }

    @Test
    void ordersAreFoundByWhatTheyHaveAndNotOtherwise() {
        var sku = api.createArticle("24.95", "CHF");
        var order = api.placeAccepted(sku);
        var other = api.placeAccepted(sku);
        api.cancel(other);
        jdbc.sql(
                        "INSERT INTO work_item (id, order_id, kind, reason) VALUES (gen_random_uuid(), :id, 'STUCK', 'x')")
                .param("id", UUID.fromString(order))
                .update();
        var mine = "sku=" + sku;
        assertThat(find(mine)).containsExactly(other, order);
        assertThat(find(mine + "&state=PENDING")).containsExactly(order);
        assertThat(find(mine + "&state=CANCEL_REQUESTED")).containsExactly(other);
        assertThat(find(mine + "&state=SHIPPED")).isEmpty();
        assertThat(find(mine + "&workItem=ANY")).containsExactly(order);
        assertThat(find(mine + "&workItem=STUCK")).containsExactly(order);
        assertThat(find(mine + "&workItem=EVENT_PARKED")).isEmpty();
        assertThat(find("customerRef=" + api.customer())).containsExactly(other, order);
        assertThat(find("customerRef=nobody")).isEmpty();
        assertThat(find(mine + "&currency=CHF&minAmount=24.95&maxAmount=24.95"))
                .containsExactly(other, order);
        assertThat(find(mine + "&currency=CHF&minAmount=24.96")).isEmpty();
        assertThat(find(mine + "&currency=EUR")).isEmpty();
        assertThat(find(mine + "&placedAfter=2020-01-01T00:00:00Z")).hasSize(2);
        assertThat(find(mine + "&placedBefore=2020-01-01T00:00:00Z")).isEmpty();
        assertThat(find(mine + "&placedBefore=9999-12-31T23:59:59Z")).hasSize(2);
        assertThat(find(mine + "&placedAfter=9999-12-31T23:59:59Z")).isEmpty();
        assertThat(find(mine + "&reason=OUT_OF_STOCK")).isEmpty();
        var view = search(mine + "&workItem=STUCK").at("/orders/0");
        assertThat(view.at("/total/amount").asString()).isEqualTo("24.95");
        assertThat(view.at("/workItems/0").asString()).isEqualTo("STUCK");
        assertThat(view.toString()).doesNotContain("ada@", "Lovelace", "London");
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrRepetitionWhileOrdersArePlaced() {
        var sku = api.createArticle("1.00", "EUR");
        var placed = Stream.generate(() -> api.placeAccepted(sku)).limit(5).toList();
        var found = new ArrayList<String>();
        var cursor = "";
        do {
            var page = search("sku=" + sku + "&limit=2" + cursor);
            page.path("orders").forEach(order -> found.add(order.path("orderId").asString()));
            assertThat(page.path("orders").size()).isBetween(1, 2);
            api.placeAccepted(sku);
            cursor = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
        } while (!cursor.isEmpty());
        assertThat(found).containsExactlyElementsOf(placed.reversed());
    }

    @ParameterizedTest
    @CsvSource({
        "state=LOST,state",
        "workItem=NONE,workItem",
        "placedBefore=yesterday,placedBefore",
        "placedAfter=-999999999-01-01T00:00:00Z,placedAfter",
        "placedAfter=%2B10000-01-01T00:00:00Z,placedAfter",
        "placedBefore=MIN,placedBefore",
        "sku=no sku,sku",
        "currency=XXY,currency",
        "minAmount=1,currency",
        "minAmount=1e9&currency=EUR,minAmount",
        "minAmount=2&maxAmount=1&currency=EUR,maxAmount",
        "reason=BAD_LUCK,reason",
        "reason=OUT_OF_STOCK&state=SHIPPED,reason",
        "customerRef=a b,customerRef",
        "cursor=1,cursor",
        "limit=0,limit",
        "limit=201,limit"
    })
    void aBadFilterIsRefusedWithItsName(String query, String field) {
        var answer = api.sendInternal("GET", "/internal/orders?" + query.replace(" ", "%20"), "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(field);
    }

    private List<String> find(String query) {
        return search(query)
                .path("orders")
                .valueStream()
                .map(order -> order.path("orderId").asString())
                .toList();
    }

    private JsonNode search(String query) {
        var answer = api.sendInternal("GET", "/internal/orders?" + query, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return OrderApiClient.json(answer);
    }
}
