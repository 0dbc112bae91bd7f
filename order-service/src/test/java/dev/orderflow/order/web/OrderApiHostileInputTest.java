package dev.orderflow.order.web;

import static dev.orderflow.order.OrderApiClient.json;
import static dev.orderflow.order.OrderApiClient.orderBody;
import static dev.orderflow.order.OrderApiClient.problemType;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.order.OrderApiClient;
import dev.orderflow.order.RunningOrderService;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Every invalid or hostile request is answered with a 4xx problem, and nothing is stored.
@RunningOrderService
class OrderApiHostileInputTest {

    private final OrderApiClient api;
    private final int port;
    private final JdbcClient jdbc;
    private boolean mayBeStored;

    @Autowired
    OrderApiHostileInputTest(@LocalServerPort int port, JdbcClient jdbc) {
        this.api = new OrderApiClient(port);
        this.port = port;
        this.jdbc = jdbc;
    }

    @AfterEach
    void verifyNothingWasStored() {
        if (!mayBeStored) {
            assertThat(
                            jdbc.sql("SELECT count(*) FROM orders WHERE customer_ref = :customer")
                                    .param("customer", api.customer())
                                    .query(Integer.class)
                                    .single())
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "true",
                "42",
                "\"order\"",
                "[]",
                "{",
                "{}}",
                "{'lines':[]}",
                "{\"lines\":",
                "\u0000",
                "\uFEFF{}",
                "<order/>",
                "{\"lines\":[],\"lines\":[]}",
                "{\"__proto__\":{},\"@class\":\"java.lang.Runtime\"}",
                "NaN",
                "{\"lines\":NaN}",
                "// a comment\n{}"
            })
    void aBodyThatIsNotAnOrderIsMalformed(String body) {
        var answer = api.place(key(), body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(problemType(answer)).isEqualTo("malformed-body");
        assertThat(answer.body()).doesNotContain("jackson", "dev.orderflow.order", "Exception");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "quantity":1 | "quantity":"1"
                    "quantity":1 | "quantity":1.0
                    "quantity":1 | "quantity":1e2
                    "quantity":1 | "quantity":99999999999999999999
                    "quantity":1 | "quantity":null
                    "quantity":1 | "quantity":true
                    "quantity":1 | "quantity":[1]
                    "quantity":1 | "quantity":{}
                    "quantity":1 | "quantity":1,"quantity":2
                    "quantity":1 | "quantity":1,"price":{"amount":"0.01","currency":"EUR"}
                    "quantity":1 | "Quantity":1
                    "lines":[ | "total":{"amount":"0.01","currency":"EUR"},"lines":[
                    "lines":[ | "lines":{},"x":[
                    "lines":[ | "lines":[[],
                    "email":"ada@example.org" | "email":["ada@example.org"]
                    "email":"ada@example.org" | "email":1
                    "email":"ada@example.org", |
                    "country":"GB" | "country":"GB","planet":"Earth"
                    "shippingAddress":{ | "shippingAddress":"here","x":{
                    """)
    void aMissingUnknownRepeatedOrMistypedFieldIsMalformed(String sound, String broken) {
        var body = orderBody("MUG-BLUE", 1);
        assertThat(body).contains(sound);
        var answer = api.place(key(), body.replace(sound, broken == null ? "" : broken));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(problemType(answer)).isEqualTo("malformed-body");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    "quantity":1 | "quantity":0 | lines[0].quantity
                    "quantity":1 | "quantity":-1 | lines[0].quantity
                    "quantity":1 | "quantity":1001 | lines[0].quantity
                    "MUG-BLUE" | "" | lines[0].sku
                    "MUG-BLUE" | "mug-blue" | lines[0].sku
                    "MUG-BLUE" | "MUG BLUE" | lines[0].sku
                    "MUG-BLUE" | "MUG-BLUE\\n" | lines[0].sku
                    "MUG-BLUE" | "-MUG" | lines[0].sku
                    "MUG-BLUE" | "ＭＵＧ" | lines[0].sku
                    "MUG-BLUE" | "M' OR '1'='1" | lines[0].sku
                    "MUG-BLUE" | "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" | lines[0].sku
                    "MUG-BLUE" | null | lines[0].sku
                    {"sku":"MUG-BLUE","quantity":1} | null | lines[0]
                    "pm_card_visa" | "" | paymentMethodId
                    "pm_card_visa" | "pm card" | paymentMethodId
                    "pm_card_visa" | "../../v1/charges" | paymentMethodId
                    "pm_card_visa" | "4242 4242 4242 4242" | paymentMethodId
                    "pm_card_visa" | null | paymentMethodId
                    "ada@example.org" | "" | email
                    "ada@example.org" | "ada" | email
                    "ada@example.org" | "@example.org" | email
                    "ada@example.org" | "ada@" | email
                    "ada@example.org" | "ada@example..org" | email
                    "ada@example.org" | "ada@example.org\\r\\nBcc: eve@example.org" | email
                    "ada@example.org" | "Ada <ada@example.org>" | email
                    "ada@example.org" | "ada@example.org,eve@example.org" | email
                    "ada@example.org" | null | email
                    "Ada Lovelace" | "" | shippingAddress.recipient
                    "Ada Lovelace" | " " | shippingAddress.recipient
                    "Ada Lovelace" | "Ada\\u0000Lovelace" | shippingAddress.recipient
                    "Ada Lovelace" | "Ada\\nLovelace" | shippingAddress.recipient
                    "Ada Lovelace" | "Ada\\u2028Lovelace" | shippingAddress.recipient
                    "Ada Lovelace" | "Ada \\uD800" | shippingAddress.recipient
                    "Ada Lovelace" | null | shippingAddress.recipient
                    "London" | "\\u001b[2J" | shippingAddress.city
                    "SW1Y 4JH" | "SW1Y 4JH SW1Y 4JH SW1Y 4JH" | shippingAddress.postalCode
                    "GB" | "GBR" | shippingAddress.country
                    "GB" | "gb" | shippingAddress.country
                    "GB" | null | shippingAddress.country
                    """)
    void anInvalidValueIsReportedWithItsField(String sound, String broken, String field) {
        var body = orderBody("MUG-BLUE", 1);
        assertThat(body).contains(sound);
        var answer = api.place(key(), body.replace(sound, broken));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(problemType(answer)).isEqualTo("invalid-request");
        assertThat(json(answer).path("errors"))
                .anyMatch(error -> error.path("field").asString().equals(field));
    }

    @Test
    void zeroLinesAndMoreThanFiftyAreRefused() {
        assertThat(problemType(api.place(key(), orderBody("")))).isEqualTo("invalid-request");
        var lines =
                IntStream.range(0, 51)
                        .mapToObj("{\"sku\":\"SKU-%d\",\"quantity\":1}"::formatted)
                        .collect(Collectors.joining(","));
        assertThat(problemType(api.place(key(), orderBody(lines)))).isEqualTo("invalid-request");
    }

    @Test
    void aBodyAboveTheLimitIsRefusedWithAndWithoutContentLength() {
        var tooLarge = orderBody("MUG-BLUE", 1) + " ".repeat(64 * 1024);
        var announced = api.place(key(), tooLarge);
        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(problemType(announced)).isEqualTo("body-too-large");
        var streamed =
                api.place(
                        key(),
                        BodyPublishers.ofInputStream(
                                () ->
                                        new ByteArrayInputStream(
                                                tooLarge.getBytes(StandardCharsets.UTF_8))));
        assertThat(streamed.statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"lines\":[", "{\"a\":"})
    void aDeeplyNestedBodyIsMalformed(String opening) {
        assertThat(problemType(api.place(key(), opening.repeat(5_000))))
                .isEqualTo("malformed-body");
    }

    @Test
    void aNumberOfTenThousandDigitsIsMalformed() {
        var body =
                orderBody("MUG-BLUE", 1)
                        .replace("\"quantity\":1", "\"quantity\":" + "9".repeat(10_000));
        assertThat(problemType(api.place(key(), body))).isEqualTo("malformed-body");
    }

    @Test
    void invalidUtf8IsMalformed() {
        var body = orderBody("MUG-BLUE", 1).replace("London", "L\u00F6ndon");
        var answer =
                api.place(
                        key(),
                        BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(problemType(answer)).isEqualTo("malformed-body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Zoë O'Brien-Müller",
                "李小龍",
                "محمد",
                "👩‍🚀 Ada",
                "Robert'); DROP TABLE orders;--",
                "<script>alert(1)</script>",
                "${jndi:ldap://x/y}",
                "{{7*7}} %s %n \\ \""
            })
    void namesOfEveryScriptAndInjectionAttemptsAreStoredAsText(String name) {
        mayBeStored = true;
        var sku = api.createArticle("1.00", "EUR");
        var body =
                orderBody(sku, 1)
                        .replace("Ada Lovelace", name.replace("\\", "\\\\").replace("\"", "\\\""));
        var answer = api.place(key(), body);
        assertThat(answer.statusCode()).isEqualTo(201);
        var id = json(answer).path("orderId").asString();
        var contact = json(api.sendInternal("GET", "/internal/orders/" + id + "/contact", ""));
        assertThat(contact.path("name").asString()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/orders/x",
                "/orders/1-1-1-1-1",
                "/orders/%00",
                "/orders/%27%20OR%201=1",
                "/orders/../internal/orders",
                "/orders/..%2finternal%2forders",
                "/orders/%2e%2e/internal",
                "/orders//",
                "/orders/;jsessionid=1",
                "/orders/00000000-0000-0000-0000-000000000000/../../internal/catalogue/X",
                "/orders/00000000-0000-0000-0000-000000000000.json",
                "/internal/orders/x",
                "/ORDERS",
                "/orders/%ff%fe",
                "/v3/api-docs/../../internal",
                "/actuator/env",
                "/actuator/heapdump",
                "/h2-console",
                "/error"
            })
    void pathTraversalIsRefused(String path) throws Exception {
        assertThat(answer("GET " + path, "", ""))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("<html", "Exception");
    }

    /// Spring Security's firewall checks some headers only when a controller reads them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Idempotency-Key: ключ",
                "Idempotency-Key: a\u0001b",
                "Idempotency-Key: \u00fc",
                "Accept: ключ",
                "traceparent: ключ\r\nIdempotency-Key: ключ",
                "Idempotency-Key: k\r\nX-\u00fc: 1"
            })
    void aHeaderWithForbiddenCharactersIsRefused(String header) throws Exception {
        assertThat(
                        answer(
                                "POST /orders",
                                header + "\r\nContent-Type: application/json\r\n",
                                orderBody("MUG-BLUE", 1)))
                .startsWith("HTTP/1.1 4")
                .contains("application/problem+json")
                .doesNotContain("Exception", "firewall");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0x10", "limit=%2010", "limit=%2B5", "limit=010x", "limit=%EF%BC%91"})
    void aParameterInJavaSyntaxIsRefused(String query) throws Exception {
        assertThat(answer("GET /orders?" + query, "", ""))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json");
    }

    @Test
    void anInvalidUuidIsRefused() throws Exception {
        assertThat(answer("GET /orders/1-1-1-1-1", "", ""))
                .startsWith("HTTP/1.1 400")
                .contains("must be a UUID");
    }

    /// @param headers header lines, each with its line break
    /// @return the response to exactly these bytes
    private String answer(String request, String headers, String body) throws Exception {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            (request
                                            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                                            + api.authorization()
                                            + "\r\n"
                                            + headers
                                            + "Content-Length: "
                                            + body.getBytes(StandardCharsets.UTF_8).length
                                            + "\r\nConnection: close\r\n\r\n"
                                            + body)
                                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE,/orders,405",
        "PUT,/orders/00000000-0000-0000-0000-000000000000,405",
        "TRACE,/orders,405",
        "PATCH,/catalogue,405",
        "GET,/orders/00000000-0000-0000-0000-000000000000/cancellation,405"
    })
    void anotherMethodIsNotAllowed(String method, String path, int status) {
        var answer =
                api.send(
                        api.request(path)
                                .header("Authorization", api.authorization())
                                .method(method, BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                .contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "nonsense",
                "application/json; charset=nonsense",
                "application/json; charset=utf-16"
            })
    void aBodyOfAnotherContentTypeIsRefused(String type) {
        var answer =
                api.send(
                        api.request("/orders")
                                .header("Authorization", api.authorization())
                                .header("Idempotency-Key", key())
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofString(orderBody("MUG-BLUE", 1))));
        assertThat(answer.statusCode()).isBetween(400, 499);
        assertThat(problemType(answer)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "nonsense", "*/*;q=x", "image/png, text/*"})
    void aClientThatDoesNotAcceptJsonGetsAProblem(String accept) {
        var answer =
                api.send(
                        api.request("/orders")
                                .header("Authorization", api.authorization())
                                .header("Accept", accept)
                                .GET());
        assertThat(answer.statusCode()).isEqualTo(406);
    }

    @Test
    void anInvalidTraceParentIsReplaced() {
        assertThat(TraceParent.of("00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01"))
                .isEqualTo("00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01");
        for (var hostile :
                new String[] {
                    null,
                    "",
                    "x",
                    "00-" + "0".repeat(32) + "-" + "b".repeat(16) + "-01",
                    "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01\r\nX: y"
                }) {
            assertThat(TraceParent.of(hostile)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        }
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
