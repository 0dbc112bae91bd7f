package dev.orderflow.order.web;

import static dev.orderflow.contracts.fixture.BoundaryValues.first;
import static dev.orderflow.contracts.fixture.BoundaryValues.second;
import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.orderBody;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.fixture.BoundaryValues;
import dev.orderflow.contracts.value.EmailAddress;
import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Boundary values of the shared value types: valid ones are accepted by the API, invalid ones are
/// refused with the name of their field. The other services are tested with the same values.
@RunningOrderService
class SharedValueValidationTest {

    /// An unpaired surrogate has no UTF-8 encoding, but JSON can escape it.
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final int port;
    private final OrderApiClient api;
    private final JdbcClient jdbc;

    @Autowired
    SharedValueValidationTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.port = port;
        this.api = new OrderApiClient(port);
        this.jdbc = jdbc;
    }

    @ParameterizedTest
    @CsvSource({
        "PAYMENT_METHOD_ID,/paymentMethodId,paymentMethodId",
        "EMAIL,/email,email",
        "NAME,/shippingAddress/recipient,shippingAddress.recipient",
        "NAME,/shippingAddress/city,shippingAddress.city"
    })
    void aFieldAcceptsItsEdgeValuesAndNoOthers(
            BoundaryValues values, String pointer, String field) {
        var sku = api.createArticle("1.00", "EUR");
        assertThat(values.validValues())
                .allSatisfy(value -> assertAccepted(with(sku, pointer, value)));
        assertThat(values.invalidValues())
                .allSatisfy(value -> assertRefused(with(sku, pointer, value), field));
    }

    @Test
    void anSkuIsAcceptedByTheCatalogueAndInAnOrderOrByNeither() {
        assertThat(BoundaryValues.SKU.validValues())
                .allSatisfy(
                        sku -> {
                            assertThat(api.putArticle(sku, "1.00", "EUR").statusCode())
                                    .isEqualTo(200);
                            assertAccepted(with(sku, "/lines/0/sku", sku));
                        });
        var sku = api.createArticle("1.00", "EUR");
        assertThat(BoundaryValues.SKU.invalidValues())
                .allSatisfy(bad -> assertRefused(with(sku, "/lines/0/sku", bad), "lines[0].sku"));
        assertThat(
                        BoundaryValues.SKU
                                .invalidValues()
                                .filter(bad -> !bad.isBlank() && bad.length() < 1000))
                .allSatisfy(
                        bad ->
                                assertThat(
                                                api.putArticle(
                                                                URLEncoder.encode(
                                                                                bad,
                                                                                StandardCharsets
                                                                                        .UTF_8)
                                                                        .replace("+", "%20"),
                                                                "1.00",
                                                                "EUR")
                                                        .statusCode())
                                        .isEqualTo(400));
    }

    @Test
    void aQuantityIsOneToAThousand() {
        var sku = api.createArticle("1.00", "EUR");
        assertThat(BoundaryValues.QUANTITY.validValues())
                .allSatisfy(value -> assertAccepted(orderBody(sku, Integer.parseInt(value))));
        assertThat(BoundaryValues.QUANTITY.invalidValues())
                .allSatisfy(
                        value ->
                                assertRefused(
                                        orderBody(sku, Integer.parseInt(value)),
                                        "lines[0].quantity"));
    }

    @Test
    void aCountryMustBeAnAssignedIsoCode() {
        var sku = api.createArticle("1.00", "EUR");
        assertThat(BoundaryValues.COUNTRY.validValues())
                .allSatisfy(
                        country -> {
                            var answer = place(with(sku, "/shippingAddress/country", country));
                            assertThat(answer.body()).doesNotContain("shippingAddress.country");
                        });
        assertThat(BoundaryValues.COUNTRY.invalidValues())
                .allSatisfy(
                        country ->
                                assertRefused(
                                        with(sku, "/shippingAddress/country", country),
                                        "shippingAddress.country"));
    }

    @Test
    void anAddressNeedsThePostalCodeOfItsCountry() {
        var sku = api.createArticle("1.00", "EUR");
        assertThat(BoundaryValues.POSTAL_CODE.validValues())
                .allSatisfy(
                        pair -> {
                            var id = assertAccepted(addressed(sku, first(pair), second(pair)));
                            var parcel = json(api.requestDispatchPermit(id)).path("address");
                            assertThat(parcel.path("country").asString()).isEqualTo(first(pair));
                            assertThat(parcel.path("postalCode").asString("-"))
                                    .isEqualTo(second(pair));
                            assertThat(parcel.has("postalCode"))
                                    .isEqualTo(!second(pair).equals("-"));
                        });
        assertThat(BoundaryValues.POSTAL_CODE.invalidValues())
                .allSatisfy(
                        pair ->
                                assertRefused(
                                        addressed(sku, first(pair), second(pair)),
                                        "shippingAddress.postalCode"));
    }

    @Test
    void anAcceptedEmailAddressIsValidForNotifications() {
        var sku = api.createArticle("1.00", "EUR");
        assertThat(BoundaryValues.EMAIL.validValues())
                .allSatisfy(
                        address -> {
                            var id = assertAccepted(with(sku, "/email", address));
                            var contact =
                                    json(
                                            api.sendInternal(
                                                    "GET",
                                                    "/internal/orders/" + id + "/contact",
                                                    ""));
                            var read = new EmailAddress(contact.path("email").stringValue());
                            assertThat(read.value()).isEqualTo(address);
                        });
    }

    @Test
    void theCatalogueRefusesAPriceThatTheGatewayCannotCharge() {
        assertThat(BoundaryValues.PRICE.validValues())
                .allSatisfy(
                        price ->
                                assertThat(
                                                api.putArticle(
                                                                "PRICED",
                                                                first(price),
                                                                second(price))
                                                        .statusCode())
                                        .isEqualTo(200));
        assertThat(BoundaryValues.PRICE.invalidValues())
                .allSatisfy(
                        price -> {
                            var answer = api.putArticle("PRICED", first(price), second(price));
                            assertThat(answer.statusCode()).isEqualTo(400);
                            assertThat(json(answer).at("/errors/0/field").asString())
                                    .isIn("unitPrice.amount", "unitPrice.currency");
                        });
    }

    @Test
    void theTableOfArticlesRefusesThePricesThatTheApiRefuses() {
        assertThat(BoundaryValues.PRICE.validValues())
                .allSatisfy(price -> insert("BY-SQL", "An article", price));
        assertThat(BoundaryValues.PRICE.invalidValues().filter(price -> isNumber(first(price))))
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        price ->
                                assertThatThrownBy(() -> insert("BY-SQL", "An article", price))
                                        .isInstanceOf(DataAccessException.class));
        assertThat(BoundaryValues.SKU.invalidValues())
                .allSatisfy(
                        sku ->
                                assertThatThrownBy(() -> insert(sku, "An article", "1.00 EUR"))
                                        .isInstanceOf(Exception.class));
        assertThatThrownBy(() -> insert("BY-SQL", "two\nlines", "1.00 EUR"))
                .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> insert("BY-SQL", "n".repeat(201), "1.00 EUR"))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void anInvalidArticleRowIsNotSoldAndHidesNoOther() {
        // A row from before the constraint, as NOT VALID leaves it in place.
        var constraint =
                jdbc.sql(
                                """
                                SELECT pg_get_constraintdef(oid) FROM pg_constraint
                                WHERE conname = 'currency_can_be_charged'""")
                        .query(String.class)
                        .single();
        assertThat(constraint).contains("'EUR'");
        jdbc.sql("ALTER TABLE article DROP CONSTRAINT currency_can_be_charged").update();
        try {
            insert("OLD-IN-MARKS", "An article", "1.00 DEM");
        } finally {
            jdbc.sql(
                            "ALTER TABLE article ADD CONSTRAINT currency_can_be_charged "
                                    + constraint
                                    + " NOT VALID")
                    .update();
        }
        var behind = "OLD-IN-MARKS-2";
        assertThat(api.putArticle(behind, "1.00", "EUR").statusCode()).isEqualTo(200);
        var answer = place(orderBody("OLD-IN-MARKS", 1));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(problemType(answer)).isEqualTo("article-unknown");
        var page = json(api.get("/catalogue?limit=1&cursor=OLD-IN-MARK"));
        assertThat(page.at("/articles/0/sku").asString()).isEqualTo(behind);
        jdbc.sql("DELETE FROM article WHERE sku = 'OLD-IN-MARKS'").update();
        jdbc.sql("ALTER TABLE article VALIDATE CONSTRAINT currency_can_be_charged").update();
    }

    @Test
    void anOrderWhoseTotalTheGatewayCannotChargeIsNotStored() {
        assertThat(BoundaryValues.CHARGE.validValues())
                .allSatisfy(
                        total ->
                                assertAccepted(
                                        orderBody(
                                                api.createArticle(first(total), second(total)),
                                                1)));
        assertThat(BoundaryValues.CHARGE.invalidValues())
                .allSatisfy(
                        total -> {
                            var sku =
                                    "TOTAL-"
                                            + UUID.randomUUID()
                                                    .toString()
                                                    .substring(24)
                                                    .toUpperCase(Locale.ROOT);
                            var offered = api.putArticle(sku, first(total), second(total));
                            if (offered.statusCode() == 200) {
                                var answer = place(orderBody(sku, 1));
                                assertThat(answer.statusCode()).isEqualTo(400);
                                assertThat(problemType(answer)).isEqualTo("total-not-chargeable");
                            } else {
                                assertThat(offered.statusCode()).isEqualTo(400);
                            }
                        });
    }

    private void insert(String sku, String name, String price) {
        jdbc.sql(
                        """
                        INSERT INTO article (sku, name, unit_price, currency) VALUES (:sku, :name, :unit_price, :currency)
                        ON CONFLICT (sku) DO UPDATE SET unit_price = excluded.unit_price, currency = excluded.currency
                        """)
                .param("sku", sku)
                .param("name", name)
                .param("unit_price", new BigDecimal(first(price)))
                .param("currency", second(price))
                .update();
    }

    private static boolean isNumber(String text) {
        return text.matches("[+-]?[0-9]{1,12}(\\.[0-9]+)?") && !text.matches("[+0][0-9].*|\\+.*");
    }

    private static String with(String sku, String pointer, String value) {
        var body = (ObjectNode) JSON.readTree(orderBody(sku, 1));
        int last = pointer.lastIndexOf('/');
        ((ObjectNode) body.at(pointer.substring(0, last))).put(pointer.substring(last + 1), value);
        return JSON.writeValueAsString(body);
    }

    private static String addressed(String sku, String country, String postalCode) {
        var body = (ObjectNode) JSON.readTree(orderBody(sku, 1));
        var address = (ObjectNode) body.path("shippingAddress");
        address.put("country", country);
        if (postalCode.equals("-")) {
            address.remove("postalCode");
        } else {
            address.put("postalCode", postalCode);
        }
        return JSON.writeValueAsString(body);
    }

    /// Each order is placed by another customer because of the rate limit.
    private HttpResponse<String> place(String body) {
        return new OrderApiClient(port).place(UUID.randomUUID().toString(), body);
    }

    private String assertAccepted(String body) {
        var answer = place(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).path("orderId").asString();
    }

    private void assertRefused(String body, String field) {
        var answer = place(body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(problemType(answer)).isEqualTo("invalid-request");
        assertThat(json(answer).path("errors"))
                .as(answer.body())
                .anyMatch(
                        error ->
                                error.path("field").asString().equals(field)
                                        && error.path("message").asString().startsWith("must "));
    }
}
