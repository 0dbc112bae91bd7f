package dev.orderflow.order.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.fixture.OperatorActionLines;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What order-service says about the actions of operators, for the audit trail.
@RunningOrderService
class OperatorActionsTest {

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private String order = "";

    @Autowired
    OperatorActionsTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
    }

    @BeforeEach
    void placeOrder() {
        order = api.placeAccepted(api.createArticle("24.95", "EUR"));
    }

    @Test
    void aResolvedWorkItemIsAnActionAboutItsOrderWithTheNote() {
        var item = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO work_item (id, order_id, kind, reason)
                        VALUES (:id, :order, 'STUCK', 'made by a test')
                        """)
                .param("id", item)
                .param("order", UUID.fromString(order))
                .update();
        api.sendAs(
                "oskar",
                "POST",
                "/internal/work-items/" + item.toString().toUpperCase(Locale.ROOT) + "/resolution",
                "{\"note\":\"called the carrier\"}");
        awaitActions(order, "oskar RESOLVE_WORK_ITEM called the carrier, work item STUCK: 200");
    }

    @Test
    void releasedEventsAreAnActionWithTheNote() {
        var path = "/internal/outbox/parked/" + order + "/release";
        api.sendAs("oskar", "POST", path, "{\"note\":\"the bus is fixed\"}");
        awaitActions(order, "oskar RELEASE_PARKED_EVENTS the bus is fixed, -: 404");
        assertThat(api.sendAs("oskar", "POST", path, "{\"note\":\" \"}").statusCode())
                .isEqualTo(400);

        var reason = "Rejected " + order;
        api.sendAs(
                "oskar",
                "POST",
                "/internal/outbox/parked/release",
                "{\"reason\":\"%s\",\"note\":\"all of them\"}".formatted(reason));
        await().until(
                        () ->
                                actions("outbox")
                                        .contains(
                                                "oskar RELEASE_PARKED_EVENTS all of them, parked for: "
                                                        + reason
                                                        + ": 200"));
    }

    @Test
    void aDecisionACancellationAndAPriceAreActions() {
        api.sendAs(
                "anna",
                "POST",
                "/internal/approvals/" + order + "/decision",
                "{\"decision\":\"REJECT\",\"note\":\"unknown customer\"}");
        awaitActions(order, "anna DECIDE_APPROVAL unknown customer, REJECT: 404");
        api.sendAs(
                "oskar",
                "POST",
                "/internal/orders/" + order + "/cancellation",
                "{\"reason\":\"the customer called\"}");
        awaitActions(
                order,
                "oskar CANCEL_ORDER the customer called, -: 202",
                "anna DECIDE_APPROVAL unknown customer, REJECT: 404");
        var sku = "TRAIL-" + order.substring(24).toUpperCase(Locale.ROOT);
        api.sendAs(
                "oskar",
                "PUT",
                "/internal/catalogue/" + sku,
                "{\"name\":\"Mug\",\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}");
        awaitActions(sku, "oskar SET_ARTICLE -, Mug, 9.90 EUR: 200");
    }

    /// The status is stored after the response was sent.
    private void awaitActions(String subject, String... expected) {
        await().untilAsserted(() -> assertThat(actions(subject)).containsExactly(expected));
    }

    private List<String> actions(String subject) {
        return OperatorActionLines.of(
                OrderApiClient.json(
                        api.sendInternal(
                                "GET", "/internal/operator-actions?subject=" + subject, "")));
    }
}
