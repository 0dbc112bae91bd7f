package dev.orderflow.order.web;

import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

@RunningOrderService
class OrdersApiTest {

    private final OrderApiClient api;
    private final int port;

    @Autowired
    OrdersApiTest(@LocalServerPort int port) {
        this.api = new OrderApiClient(port);
        this.port = port;
    }

    @Test
    void anotherCustomersOrderIsAnsweredLikeAMissingOne() {
        var theirs = new OrderApiClient(port).placeAccepted(api.createArticle("1.00", "EUR"));
        for (var id : List.of(theirs, UUID.randomUUID().toString())) {
            assertThat(api.get("/orders/" + id).statusCode()).isEqualTo(404);
            assertThat(problemType(api.get("/orders/" + id))).isEqualTo("order-not-found");
            assertThat(problemType(api.cancel(id))).isEqualTo("order-not-found");
        }
    }

    @Test
    void aCustomerPagesThroughTheirOwnOrdersNewestFirst() {
        var sku = api.createArticle("1.00", "EUR");
        var placed = new ArrayList<String>();
        for (int n = 0; n < 5; n++) {
            placed.addFirst(api.placeAccepted(sku));
        }
        new OrderApiClient(port).placeAccepted(sku);
        var seen = new ArrayList<String>();
        var sizes = new ArrayList<Integer>();
        JsonNode page;
        var path = "/orders?limit=2";
        do {
            page = json(api.get(path));
            seen.addAll(ids(page));
            sizes.add(page.path("orders").size());
            path = "/orders?limit=2&cursor=" + page.path("next").asString("");
        } while (page.has("next"));
        assertThat(seen).isEqualTo(placed);
        assertThat(sizes).containsExactly(2, 2, 1);
    }

    @Test
    void theLastPageHasNoNextEvenIfItIsFull() {
        var sku = api.createArticle("1.00", "EUR");
        api.placeAccepted(sku);
        api.placeAccepted(sku);
        assertThat(json(api.get("/orders?limit=2")).has("next")).isFalse();
        assertThat(json(api.get("/orders?limit=1")).has("next")).isTrue();
    }

    @Test
    void aPageHasOneToAHundredOrders() {
        for (var limit : List.of("0", "-1", "101", "99999999999", "two")) {
            assertThat(api.get("/orders?limit=" + limit).statusCode()).isEqualTo(400);
        }
        assertThat(api.get("/orders?limit=100").statusCode()).isEqualTo(200);
    }

    @Test
    void anInvalidCursorIsRefusedAndAnotherCustomersCursorShowsNoneOfTheirOrders() {
        assertThat(api.get("/orders?cursor=x%27%20OR%201=1").statusCode()).isEqualTo(400);
        var theirs = new OrderApiClient(port).placeAccepted(api.createArticle("1.00", "EUR"));
        assertThat(json(api.get("/orders?cursor=" + theirs)).path("orders")).isEmpty();
    }

    @Test
    void theCatalogueIsReadBySkuInPages() {
        var first = api.createArticle("1.00", "EUR");
        var second = api.createArticle("2.00", "GBP");
        var seen = new ArrayList<String>();
        var next = "";
        do {
            var page = json(api.get("/catalogue?limit=1" + next));
            page.path("articles").forEach(it -> seen.add(it.path("sku").asString()));
            next = page.has("next") ? "&cursor=" + page.path("next").asString() : "";
        } while (!next.isEmpty());
        assertThat(seen).contains(first, second).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void anArticleIsChangedByAnotherPut() {
        var sku = api.createArticle("1.00", "EUR");
        var changed = api.putArticle(sku, "2.5", "EUR");
        assertThat(json(changed).at("/unitPrice/amount").asString()).isEqualTo("2.50");
    }

    @Test
    void anInvalidPriceIsRefused() {
        for (var price : List.of("-1", "1.005", "1e9", "10000000", "", "0x10", "1,5")) {
            var answer = api.putArticle("MUG-ODD", price, "EUR");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(problemType(answer)).isEqualTo("invalid-request");
        }
        assertThat(api.putArticle("MUG-ODD", "1", "XXX").statusCode()).isEqualTo(400);
        assertThat(api.putArticle("mug", "1", "EUR").statusCode()).isEqualTo(400);
    }

    @Test
    void theContactRequiresTheInternalKey() {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        var path = "/internal/orders/" + id + "/contact";
        assertThat(api.get(path).statusCode()).isEqualTo(403);
        var contact = json(api.sendInternal("GET", path, ""));
        assertThat(contact.path("email").asString()).isEqualTo("ada@example.org");
        assertThat(contact.path("name").asString()).isEqualTo("Ada Lovelace");
        assertThat(contact.path("orderId").asString()).isEqualTo(id);
    }

    @Test
    void theInternalApiReturnsTheCurrentState() {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        api.requestDispatchPermit(id);
        var order = json(api.sendInternal("GET", "/internal/orders/" + id, ""));
        assertThat(order.path("orderId").asString()).isEqualTo(id);
        assertThat(order.path("customerRef").asString()).isEqualTo(api.customer());
        assertThat(order.path("state").asString()).isEqualTo("DISPATCHING");
        assertThat(order.path("version").asInt()).isEqualTo(2);
        assertThat(order.at("/timeline/0/type").asString()).isEqualTo("DispatchPermitted");
        assertThat(order.at("/timeline/0/effect").asString()).isEqualTo("MOVED");
    }

    @Test
    void anUnknownOrderIsNotFoundInTheInternalApi() {
        var id = UUID.randomUUID().toString();
        assertThat(problemType(api.sendInternal("GET", "/internal/orders/" + id, "")))
                .isEqualTo("order-not-found");
        assertThat(problemType(api.sendInternal("GET", "/internal/orders/" + id + "/contact", "")))
                .isEqualTo("order-not-found");
        assertThat(api.requestDispatchPermit(id).statusCode()).isEqualTo(404);
    }

    @Test
    void theApiDescriptionContainsTheLimits() {
        var answer = api.get("/v3/api-docs");
        assertThat(answer.statusCode()).isEqualTo(200);
        var docs = json(answer);
        assertThat(names(docs.path("paths")))
                .contains("/orders", "/orders/{orderId}", "/orders/{orderId}/cancellation")
                .contains("/catalogue")
                .noneMatch(path -> path.startsWith("/internal"));
        assertThat(docs.at("/paths/~1orders/post/parameters").toString())
                .contains("\"Idempotency-Key\"", "\"header\"");
        assertThat(docs.at("/components/securitySchemes/token/scheme").asString())
                .isEqualTo("bearer");
        assertThat(docs.at("/paths/~1orders/post/security/0").has("token")).isTrue();
        assertThat(docs.at("/paths/~1catalogue/get/security").isMissingNode()).isTrue();
        assertThat(docs.at("/paths/~1orders/post/description").asString())
                .contains("64 KiB", "24 hours");
        var body = docs.at("/components/schemas/NewOrder/properties");
        assertThat(body.at("/lines/maxItems").asInt()).isEqualTo(50);
        assertThat(docs.at("/components/schemas/NewOrderLine/properties/quantity/maximum").asInt())
                .isEqualTo(1000);
        assertThat(docs.at("/paths/~1orders/post/responses/default").isMissingNode()).isFalse();
        assertThat(api.get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
    }

    private static List<String> ids(JsonNode page) {
        return StreamSupport.stream(page.path("orders").spliterator(), false)
                .map(order -> order.path("orderId").asString())
                .toList();
    }

    private static List<String> names(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }
}
