package dev.orderflow.order.personaldata;

import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.orderBody;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import dev.orderflow.order.domain.OrderState;
import dev.orderflow.order.domain.Orders;
import dev.orderflow.order.domain.PersonalData;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Tests the stored data, the API and the erasure of personal data through the running service.
@RunningOrderService
class PersonalDataApiTest {

    /// The personal data in `OrderApiClient.orderBody`.
    private static final List<String> PERSONAL =
            List.of("ada@example.org", "Ada Lovelace", "St James", "SW1Y 4JH", "pm_card_visa");

    private final OrderApiClient api;
    private final JdbcClient jdbc;
    private final Orders orders;
    private final ErasureService erasures;
    private final DataKeys keys;
    private final PersonalDataProperties properties;
    private final FakeMasterKey masterKey;

    @Autowired
    PersonalDataApiTest(
            @LocalServerPort int port,
            JdbcClient jdbc,
            Orders orders,
            ErasureService erasures,
            DataKeys keys,
            PersonalDataProperties properties,
            FakeMasterKey masterKey) {
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
        this.orders = orders;
        this.erasures = erasures;
        this.keys = keys;
        this.properties = properties;
        this.masterKey = masterKey;
    }

    @AfterEach
    void makeMasterKeyAvailable() {
        masterKey.isUnavailable = false;
    }

    @Test
    void noTableContainsPlaintextAndTheInternalApiReturnsIt() {
        var id = api.placeAccepted(api.createArticle("1.00", "EUR"));
        for (var table : tables()) {
            var rows =
                    jdbc.sql("SELECT CAST(t AS text) FROM " + table + " AS t")
                            .query(String.class)
                            .list();
            for (var personal : PERSONAL) {
                assertThat(rows).as(table).noneMatch(row -> row.contains(personal));
                // Postgres prints bytea as hex.
                assertThat(rows).as(table).noneMatch(row -> row.contains(hex(personal)));
            }
        }
        assertThat(contact(id).body()).contains("ada@example.org", "Ada Lovelace");
        assertThat(api.requestDispatchPermit(id).body()).contains("12 St James Square");
    }

    @Test
    void oneOrdersDataCannotBeDecryptedForAnother() {
        var sku = api.createArticle("1.00", "EUR");
        var one = api.placeAccepted(sku);
        var other = api.placeAccepted(sku);
        jdbc.sql(
                        """
                        UPDATE orders SET personal_data = (
                            SELECT personal_data FROM orders WHERE id = CAST(:other AS uuid))
                         WHERE id = CAST(:one AS uuid)
                        """)
                .param("other", other)
                .param("one", one)
                .update();
        assertThat(contact(one).statusCode()).isEqualTo(500);
        assertThat(contact(one).body()).doesNotContain("ada@example.org");
    }

    @Test
    void withoutADataKeyNoOrderIsAcceptedAndTheRequestMayBeRepeated() {
        var sku = api.createArticle("1.00", "EUR");
        var key = UUID.randomUUID().toString();
        masterKey.isUnavailable = true;
        wearOut();
        var refused = api.place(key, orderBody(sku, 1));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(problemType(refused)).isEqualTo("personal-data-unavailable");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
        masterKey.isUnavailable = false;
        await().untilAsserted(
                        () ->
                                assertThat(api.place(key, orderBody(sku, 1)).statusCode())
                                        .isEqualTo(201));
    }

    private void wearOut() {
        try {
            for (long use = 0; use <= properties.maxKeyUses(); use++) {
                keys.useEncryptionKey();
            }
        } catch (KeysUnavailableException _) {
            // which it was to become
        }
    }

    @Test
    void anErasureKeepsTheOrdersAndRemovesTheirPersonalData() {
        var sku = api.createArticle("12.00", "EUR");
        var shipped = ended(api.placeAccepted(sku));
        var before = api.get("/orders/" + shipped).body();

        var erased = erase();
        assertThat(erased.path("erasedOrders").intValue()).isEqualTo(1);
        assertThat(erased.path("markedOrders").intValue()).isZero();
        assertThat(orders.findPersonalData(UUID.fromString(shipped)))
                .get()
                .isInstanceOf(PersonalData.ErasedPersonalData.class);
        assertThat(contact(shipped).statusCode()).isEqualTo(410);
        assertThat(problemType(contact(shipped))).isEqualTo("personal-data-erased");
        assertThat(problemType(api.requestDispatchPermit(shipped))).isEqualTo("dispatch-denied");
        assertThat(api.get("/orders/" + shipped).body()).isEqualTo(before);

        var again = erase();
        assertThat(again.path("erasedOrders").intValue()).isZero();
        assertThat(holding().path("erasedOrders").intValue()).isEqualTo(1);
    }

    @Test
    void anOpenOrderKeepsItsAddressUntilItIsFinal() {
        var id = api.placeAccepted(api.createArticle("12.00", "EUR"));
        assertThat(holding().path("openOrders").intValue()).isEqualTo(1);
        var erased = erase();
        assertThat(erased.path("erasedOrders").intValue()).isZero();
        assertThat(erased.path("markedOrderIds").get(0).asString()).isEqualTo(id);
        assertThat(holding().path("markedOrders").intValue()).isEqualTo(1);
        erasures.eraseFinalOrders();
        assertThat(api.requestDispatchPermit(id).body()).contains("12 St James Square");
        ended(id);
        erasures.eraseFinalOrders();
        assertThat(problemType(contact(id))).isEqualTo("personal-data-erased");
    }

    @Test
    void laterOrdersAreNotErased() {
        var sku = api.createArticle("12.00", "EUR");
        ended(api.placeAccepted(sku));
        erase();
        var later = ended(api.placeAccepted(sku));
        erasures.eraseFinalOrders();
        assertThat(contact(later).statusCode()).isEqualTo(200);
        assertThat(holding().path("finalOrders").intValue()).isEqualTo(1);
    }

    @Test
    void aRequestRepeatedAfterAnErasureIsNotExecutedAgain() {
        var sku = api.createArticle("12.00", "EUR");
        var key = UUID.randomUUID().toString();
        var first = api.place(key, orderBody(sku, 1));
        assertThat(api.place(key, orderBody(sku, 1)).body()).isEqualTo(first.body());
        assertThat(erase().path("erasedFingerprints").intValue()).isEqualTo(1);
        var repeated = api.place(key, orderBody(sku, 1));
        assertThat(repeated.statusCode()).isEqualTo(422);
        assertThat(problemType(repeated)).isEqualTo("idempotency-key-reused");
        assertThat(erase().path("erasedFingerprints").intValue()).isZero();
    }

    @Test
    void anErasureRequiresAnOperatorsToken() {
        var path = "/internal/customers/" + api.customer() + "/personal-data";
        assertThat(api.send(api.request(path).DELETE()).statusCode()).isEqualTo(401);
        assertThat(api.send(api.request(path).GET()).statusCode()).isEqualTo(403);
        assertThat(
                        api.sendInternal("DELETE", "/internal/customers/a%20b/personal-data", "")
                                .statusCode())
                .isEqualTo(400);
    }

    /// Moves an order to a final state with workflow reports.
    private String ended(String id) {
        var order = UUID.fromString(id);
        var state = orders.findState(order).orElseThrow().state();
        assertThat(orders.move(order, state, new OrderState.Shipped())).isTrue();
        return id;
    }

    private JsonNode erase() {
        return json(api.sendInternal("DELETE", personalData(), ""));
    }

    private JsonNode holding() {
        return json(api.sendInternal("GET", personalData(), ""));
    }

    private String personalData() {
        return "/internal/customers/" + api.customer() + "/personal-data";
    }

    private HttpResponse<String> contact(String id) {
        return api.sendInternal("GET", "/internal/orders/" + id + "/contact", "");
    }

    private List<String> tables() {
        return jdbc.sql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
                .query(String.class)
                .list();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
