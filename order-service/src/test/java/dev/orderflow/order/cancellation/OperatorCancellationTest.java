package dev.orderflow.order.cancellation;

import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.StoredEvents;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a person does on behalf of a customer.
@RunningOrderService
class OperatorCancellationTest {

    private final int port;
    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final StoredEvents events;
    private String order = "";

    @Autowired
    OperatorCancellationTest(@LocalServerPort int port, JdbcClient jdbc, StoredEvents events) {
        this.port = port;
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.events = events;
    }

    @BeforeEach
    void placeOrder() {
        order = api.placeAccepted(api.createArticle("1.00", "EUR"));
    }

    @Test
    void aPersonCancelsTheOrderOfACustomerAndIsRecordedWithTheReason() {
        var cancelled = cancel("oskar", " the customer called ");
        assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(202);
        assertThat(json(cancelled).path("state").asString()).isEqualTo("CANCEL_REQUESTED");
        assertThat(json(cancelled).path("repeated").asBoolean(true)).isFalse();
        assertThat(events.count(order + "/OrderCancellationRequested")).isEqualTo(1);
        assertThat(stored()).containsExactly("oskar ACCEPTED the customer called");
        assertThat(summaries())
                .containsSubsequence(
                        "Oskar requested the cancellation on behalf of the customer, because: the customer"
                                + " called. It was accepted.",
                        "CancellationRequested moved the order to CANCEL_REQUESTED.");
        assertThat(json(api.get("/orders/" + order)).toString())
                .as("what the customer sees")
                .doesNotContainIgnoringCase("oskar", "called");
        assertThat(api.requestDispatchPermit(order).statusCode()).isEqualTo(409);
    }

    @Test
    void aRepetitionChangesNothingAndAnotherPersonIsRecorded() {
        assertThat(cancel("oskar", "called").statusCode()).isEqualTo(202);
        assertThat(json(cancel("oskar", "called")).path("repeated").asBoolean(false)).isTrue();
        assertThat(json(cancel("adam", "wrote")).path("repeated").asBoolean(false)).isTrue();
        assertThat(api.cancel(order).statusCode()).as("the customer, too").isEqualTo(202);
        assertThat(events.count(order + "/OrderCancellationRequested")).isEqualTo(1);
        assertThat(stored())
                .containsExactly("oskar ACCEPTED called", "adam ALREADY_CANCELLED wrote");
    }

    @Test
    void afterTheDispatchPermitItIsTooLateForAPersonToo() {
        api.requestDispatchPermit(order);
        var refused = cancel("oskar", "called");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(problemType(refused)).isEqualTo("too-late-to-cancel");
        assertThat(json(refused).path("state").asString()).isEqualTo("DISPATCHING");
        assertThat(stored()).containsExactly("oskar TOO_LATE called");
        assertThat(summaries())
                .contains(
                        "Oskar requested the cancellation on behalf of the customer, because: called. It was too"
                                + " late.");
        assertThat(events.count(order + "/OrderCancellationRequested")).isZero();
    }

    @Test
    void aProgramThatCameTooLateDidNotCancelTheOrder() {
        api.requestDispatchPermit(order);
        var program = new OrderApiClient(port, "op-" + UUID.randomUUID(), "operator");
        assertThat(program.cancel(order).statusCode()).isEqualTo(409);
        var entry =
                history()
                        .path("entries")
                        .valueStream()
                        .filter(
                                each ->
                                        each.path("type")
                                                .asString("")
                                                .equals("CANCELLATION_BY_PROGRAM"))
                        .findFirst()
                        .orElseThrow();
        assertThat(entry.path("outcome").asString()).isEqualTo("REFUSED");
    }

    @Test
    void anUnknownOrderIsNotFound() {
        order = UUID.randomUUID().toString();
        var unknown = cancel("oskar", "called");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(problemType(unknown)).isEqualTo("order-not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"reason\":null}",
                "{\"reason\":\"\"}",
                "{\"reason\":\" \"}",
                "{\"reason\":1}",
                "{\"reason\":\"a\\nb\"}",
                "{\"reason\":\"a\\u0000b\"}",
                "{\"reason\":\"ada@example.org wants it\"}",
                "{\"reason\":\"called\",\"by\":\"mallory\"}",
                "[]",
                ""
            })
    void aReasonIsRequiredOnOneLineAndNoPersonIsNamed(String body) {
        var refused = api.sendAs("oskar", "POST", path(), body);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(stored()).isEmpty();
        assertThat(json(api.get("/orders/" + order)).path("state").asString()).isEqualTo("PENDING");
    }

    @Test
    void aReasonHasAtMostFiveHundredCharacters() {
        assertThat(cancel("oskar", "x".repeat(501)).statusCode()).isEqualTo(400);
        assertThat(cancel("oskar", "x".repeat(500)).statusCode()).isEqualTo(202);
    }

    @Test
    void withoutAPersonNothingIsCancelled() {
        var key =
                api.send(
                        api.request(path())
                                .header("X-Api-Key", OrderApiClient.INTERNAL_KEY)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"reason\":\"called\"}")));
        assertThat(key.statusCode()).isEqualTo(403);
        assertThat(problemType(key)).isEqualTo("operator-token-required");
        assertThat(stored()).isEmpty();
    }

    /// What cannot be recorded is not done.
    @Test
    void anOrderIsNotCancelledWhenThePersonCannotBeRecorded() {
        jdbc.sql(
                        """
                        ALTER TABLE operator_cancellation ADD CONSTRAINT not_this_order
                        CHECK (order_id <> '%s')
                        """
                                .formatted(order))
                .update();
        try {
            assertThat(cancel("oskar", "called").statusCode()).isEqualTo(500);
        } finally {
            jdbc.sql("ALTER TABLE operator_cancellation DROP CONSTRAINT not_this_order").update();
        }
        assertThat(json(api.get("/orders/" + order)).path("state").asString()).isEqualTo("PENDING");
        assertThat(events.count(order + "/OrderCancellationRequested")).isZero();
    }

    private String path() {
        return "/internal/orders/" + order + "/cancellation";
    }

    private HttpResponse<String> cancel(String operator, String reason) {
        return api.sendAs(
                operator,
                "POST",
                path(),
                JsonMapper.shared().createObjectNode().put("reason", reason).toString());
    }

    private List<String> stored() {
        return jdbc.sql(
                        """
                        SELECT requested_by || ' ' || result || ' ' || reason
                          FROM operator_cancellation WHERE order_id = :order ORDER BY id
                        """)
                .param("order", UUID.fromString(order))
                .query(String.class)
                .list();
    }

    private JsonNode history() {
        return json(api.sendInternal("GET", "/internal/orders/" + order + "/history", ""));
    }

    private List<String> summaries() {
        return history()
                .path("entries")
                .valueStream()
                .map(entry -> entry.path("summary").asString(""))
                .toList();
    }
}
