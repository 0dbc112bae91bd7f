package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sqs.SqsClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Checks where personal data is stored and that it can be erased. [LogsTest] checks the logs.
@ResourceLock(RunningSystem.SHARED)
class PersonalDataTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CUSTOMERS = "/internal/operations/customers/";

    private final RunningSystem system = RunningSystem.shared();
    private final ShopClient shop = new ShopClient();

    /// A value that occurs nowhere else, so that every occurrence is a leak.
    private final String planted = "planted" + UUID.randomUUID().toString().replace("-", "");

    @Test
    void noTableHasPlaintextPersonalDataAndAfterAnErasureNoneHasAny() throws SQLException {
        RunningSystem.spans().watchFor(planted);
        var sku = shop.stocked("20.00", 10);
        var shipped = ordered(personal(sku, ShopClient.VISA));
        var rejected = ordered(personal(sku, "pm_" + planted));
        shop.awaitState(shipped, "SHIPPED");
        shop.awaitState(rejected, "REJECTED");
        await("the mails, which prove that what is sealed can be opened").until(() -> mails() == 3);
        awaitDeduction(shipped);
        var before = recordedState(shipped, rejected);

        assertThat(tablesWith(planted)).isEmpty();
        assertThat(tablesWith(ShopClient.VISA)).isEmpty();
        assertThat(ordersHolding()).isEqualTo(2);
        assertThat(RunningSystem.spans().haveMentioned(planted)).as("spans").isFalse();
        assertThat(meters()).noneMatch(meter -> meter.contains(planted));

        assertThat(erase().path("erasedOrders").intValue()).isEqualTo(2);
        assertThat(ordersHolding()).isZero();
        assertThat(tablesWith(planted)).isEmpty();
        var again = erase();
        assertThat(again.path("erasedOrders").intValue()).isZero();
        assertThat(again.path("erasedFingerprints").intValue()).isZero();

        assertThat(recordedState(shipped, rejected)).as("the ledgers are intact").isEqualTo(before);
        assertThat(auditTrail().toString())
                .contains("ERASE_CUSTOMER", "erasedOrders=2", "request 118")
                .doesNotContain(planted);
    }

    @Test
    void theAuditFindsNoViolationAfterAnErasure() {
        var sku = shop.stocked("20.00", 10);
        var order = ordered(personal(sku, ShopClient.VISA));
        shop.awaitState(order, "SHIPPED");
        await().until(() -> mails() == 2);
        awaitDeduction(order);
        erase();
        var report =
                shop.internal(
                        "POST",
                        system.operations(),
                        "/internal/operations/audit",
                        JSON.createObjectNode().put("orderId", order));
        assertThat(report.path("orders").intValue()).isEqualTo(1);
        assertThat(report.path("violations")).isEmpty();
    }

    /// Waits until the stock of a shipped order is deducted, which is the last that happens.
    private void awaitDeduction(String order) {
        await().until(() -> shop.reservation(order).path("state").asString().equals("FULFILLED"));
    }

    @Test
    void rejectedRequestsAndDeadLettersAreNotQuoted() {
        var sku = shop.stocked("20.00", 10);
        for (var body :
                List.of(
                        personal(sku, ShopClient.VISA).put("email", planted),
                        personal(sku, planted + " " + planted),
                        personal(sku, ShopClient.VISA).put("surprise", planted),
                        personal(sku, ShopClient.VISA).put("shippingAddress", planted),
                        personal(sku, ShopClient.VISA).put("lines", planted))) {
            var answer = shop.place(UUID.randomUUID().toString(), body);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("problems/").doesNotContain(planted);
        }
        var poison = JSON.createObjectNode().put("detail-type", "OrderShipped");
        poison.putObject("detail").put("orderId", "1").put("email", planted + "@example.org");
        try (var sqs = system.client(SqsClient.builder())) {
            var url = sqs.getQueueUrl(get -> get.queueName("notifications")).queueUrl();
            sqs.sendMessage(send -> send.queueUrl(url).messageBody(poison.toString()));
            var dead = sqs.getQueueUrl(get -> get.queueName("notifications-dlq")).queueUrl();
            await().until(
                            () ->
                                    sqs
                                            .receiveMessage(
                                                    receive ->
                                                            receive.queueUrl(dead)
                                                                    .visibilityTimeout(0)
                                                                    .maxNumberOfMessages(10))
                                            .messages()
                                            .stream()
                                            .anyMatch(it -> it.body().contains(planted)));
        }
        assertThat(
                        shop.internal(
                                        "GET",
                                        system.operations(),
                                        "/internal/operations/dead-letters/notifications",
                                        null)
                                .toString())
                .contains("notifications-dlq")
                .doesNotContain(planted);
    }

    private String ordered(ObjectNode body) {
        var answer = shop.place(UUID.randomUUID().toString(), body);
        assertThat(answer.statusCode()).isEqualTo(201);
        return JSON.readTree(answer.body()).path("orderId").stringValue();
    }

    private ObjectNode personal(String sku, String paymentMethodId) {
        var body = shop.body(sku, 1, paymentMethodId);
        body.put("email", planted + "@example.org");
        body.putObject("shippingAddress")
                .put("recipient", "Ada " + planted)
                .put("street", "12 " + planted + " Square")
                .put("postalCode", "SW1Y 4JH")
                .put("city", planted)
                .put("country", "GB");
        return body;
    }

    private JsonNode erase() {
        return shop.internal(
                "POST",
                system.operations(),
                CUSTOMERS + shop.customer() + "/erasure",
                JSON.createObjectNode().put("reason", "request 118"));
    }

    private JsonNode auditTrail() {
        return shop.internal(
                "GET",
                system.operations(),
                "/internal/operations/audit-trail?subject=" + shop.customer(),
                null);
    }

    private int mails() {
        var path = "/_aws/ses?email=" + planted + "@example.org";
        return JSON.readTree(shop.send("GET", system.cloud(), path, Map.of(), "").body())
                .path("messages")
                .size();
    }

    /// What the ledgers record; an erasure must not change it.
    private List<Object> recordedState(String shipped, String rejected) {
        return List.of(
                shop.order(shipped),
                shop.order(rejected),
                shop.gatewayLedger(shipped),
                shop.payment(shipped),
                shop.payment(rejected),
                shop.reservation(shipped),
                shop.bookings(shipped));
    }

    /// The tables of all databases that contain a value, as text or as bytes.
    private List<String> tablesWith(String word) throws SQLException {
        var hex = HexFormat.of().formatHex(word.getBytes(StandardCharsets.UTF_8));
        var found = new ArrayList<String>();
        int looked = 0;
        for (var database : system.databases()) {
            try (database;
                    var tables =
                            database.createStatement()
                                    .executeQuery(
                                            """
                                            SELECT format('%I.%I', table_schema, table_name)
                                              FROM information_schema.tables
                                             WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
                                            """)) {
                while (tables.next()) {
                    var table = tables.getString(1);
                    looked++;
                    try (var rows =
                            database.prepareStatement(
                                    "SELECT FROM "
                                            + table
                                            + " AS t WHERE strpos(CAST(t AS text), ?) > 0"
                                            + " OR strpos(CAST(t AS text), ?) > 0 LIMIT 1")) {
                        rows.setString(1, word);
                        rows.setString(2, hex);
                        if (rows.executeQuery().next()) {
                            found.add(database.getCatalog() + " " + table);
                        }
                    }
                }
            }
        }
        assertThat(looked).as("tables").isGreaterThan(30);
        return found;
    }

    /// The number of orders of this customer with encrypted personal data.
    private int ordersHolding() throws SQLException {
        int holding = 0;
        for (var database : system.databases()) {
            try (database) {
                if (database.getCatalog().equals("orders")) {
                    try (var count =
                            database.prepareStatement(
                                    "SELECT count(personal_data) FROM orders WHERE customer_ref = ?")) {
                        count.setString(1, shop.customer());
                        var row = count.executeQuery();
                        row.next();
                        holding += row.getInt(1);
                    }
                }
            }
        }
        return holding;
    }

    /// All meters of all services, with the values of their tags.
    private List<String> meters() {
        var meters = new ArrayList<String>();
        for (var service : system.management()) {
            for (var name :
                    shop.internal("GET", service, "/actuator/metrics", null).path("names")) {
                meters.add(
                        shop.send(
                                        "GET",
                                        service,
                                        "/actuator/metrics/" + name.asString(),
                                        Map.of(),
                                        "")
                                .body());
            }
        }
        assertThat(meters).hasSizeGreaterThan(20);
        return meters;
    }
}
