package dev.orderflow.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileInputTest extends InventoryServiceFixture {

    private static final String ORDER = "0b6ce27f-5b1c-7d42-9e6a-0c1f2a3b4c5d";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "\"a\"",
                "{}",
                "{\"orderId\":null,\"lines\":null}",
                "{\"orderId\":\"x\",\"lines\":[{\"sku\":\"A\",\"quantity\":1}]}",
                "{\"orderId\":\"" + ORDER + "\"}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[null]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":{}}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":null,\"quantity\":1}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"a\",\"quantity\":1}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"A\\u0000\",\"quantity\":1}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":0}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":-1}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":1.5}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":\"1\"}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":null}]}",
                "{\"orderId\":\"" + ORDER + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":1000001}]}",
                "{\"orderId\":\""
                        + ORDER
                        + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":99999999999}]}",
                "{\"orderId\":\""
                        + ORDER
                        + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":600000},{\"sku\":\"A\",\"quantity\":600000}]}",
                "{\"orderId\":\""
                        + ORDER
                        + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":1}],\"more\":1}",
                "{\"orderId\":\""
                        + ORDER
                        + "\",\"orderId\":\""
                        + ORDER
                        + "\",\"lines\":[{\"sku\":\"A\",\"quantity\":1}]}"
            })
    void anInvalidReservationRequestIsRefused(String body) {
        var response = post("/internal/reservations", "hostile", body);
        assertThat(response.status()).as(response.toString()).isEqualTo(400);
        assertThat(response.header("Content-Type")).startsWith("application/problem+json");
        assertThat(response.problem()).as(response.toString()).isEqualTo("malformed-body");
        assertThat(response.body()).doesNotContain("dev.orderflow.", "Exception");
        assertThat(get("/internal/reservations/" + ORDER).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"quantity\":0,\"reference\":\"r\"}",
                "{\"quantity\":-5,\"reference\":\"r\"}",
                "{\"quantity\":1000001,\"reference\":\"r\"}",
                "{\"quantity\":1}",
                "{\"quantity\":1,\"reference\":null}",
                "{\"quantity\":1,\"reference\":\"\"}",
                "{\"quantity\":1,\"reference\":\"  \"}",
                "{\"quantity\":1,\"reference\":\"a\\u0000b\"}",
                "{\"quantity\":1,\"reference\":7}"
            })
    void anInvalidReceiptIsRefused(String body) {
        var response = post("/internal/stock/HOSTILE/receipts", "hostile", body);
        assertThat(response.status()).as(response.toString()).isEqualTo(400);
        assertThat(get("/internal/stock/HOSTILE").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /internal/stock/lower-case, 400",
        "GET, /internal/stock/%00, 400",
        "GET, /internal/stock/A%2FB, 400",
        "GET, /internal/stock/A%27%20OR%201=1, 400",
        "GET, /internal/stock/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, 400",
        "GET, /internal/stock?limit=0, 400",
        "GET, /internal/stock?limit=201, 400",
        "GET, /internal/stock?limit=x, 400",
        "GET, /internal/stock?cursor=%00, 400",
        "GET, /internal/stock/A/ledger?cursor=-1, 400",
        "GET, /internal/stock/A/ledger?cursor=99999999999999999999, 400",
        "GET, /internal/reservations/not-a-uuid, 400",
        "POST, /internal/reservations/not-a-uuid/release, 400",
        "POST, /internal/stock/a/receipts, 400",
        "DELETE, /internal/reservations/" + ORDER + ", 405",
        "GET, /internal/nothing, 404"
    })
    void anInvalidPathIsRefused(String method, String path, int status) {
        var response =
                send(
                        port,
                        method,
                        path,
                        Map.of(
                                "X-Api-Key", API_KEY,
                                "Idempotency-Key", "k",
                                "Content-Type", "application/json"),
                        method.equals("POST") ? "{}" : "");
        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertThat(response.header("Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void theIdempotencyKeyMustBePresentAndValid() {
        var headers = Map.of("X-Api-Key", API_KEY, "Content-Type", "application/json");
        var paths =
                Map.of(
                        "/internal/reservations",
                        reserveBody(UUID.randomUUID(), "A", 1),
                        "/internal/reservations/" + UUID.randomUUID() + "/release",
                        "{}",
                        "/internal/stock/A/receipts",
                        "{\"quantity\":1,\"reference\":\"r\"}");
        paths.forEach(
                (path, body) -> {
                    assertThat(send(port, "POST", path, headers, body).problem())
                            .isEqualTo("idempotency-key-missing");
                    assertThat(post(path, "a b", body).problem())
                            .isEqualTo("idempotency-key-malformed");
                    assertThat(post(path, "k".repeat(256), body).problem())
                            .isEqualTo("idempotency-key-malformed");
                });
    }

    @Test
    void requestsWithoutTheApiKeyAreForbidden() {
        for (var path : new String[] {"/internal/stock", "/internal/reservations/" + ORDER}) {
            assertThat(send(port, "GET", path, Map.of(), "").status()).isEqualTo(403);
            assertThat(send(port, "GET", path, Map.of("X-Api-Key", "guess"), "").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aReleaseWithPropertiesIsRefused() {
        var path = "/internal/reservations/" + UUID.randomUUID() + "/release";
        assertThat(post(path, "k1", "{\"force\":true}").status()).isEqualTo(400);
        assertThat(post(path, "k2", "").status()).isEqualTo(400);
    }

    @Test
    void tooManyLinesAreRefused() {
        var order = UUID.randomUUID();
        var response =
                post(
                        "/internal/reservations",
                        "many",
                        reserveBody(order, times(101, i -> "S" + i)));
        assertThat(response.status()).isEqualTo(400);
        var huge =
                post(
                        "/internal/reservations",
                        "huge",
                        reserveBody(order, times(3000, i -> "S" + i)));
        assertThat(huge.status()).isEqualTo(413);
        assertThat(huge.problem()).isEqualTo("body-too-large");
    }
}
