package dev.orderflow.sandboxes.carrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SandboxCarrierTest {

    private final SandboxCarrier carrier = SandboxCarrier.start(0);
    private final HttpClient http = HttpClient.newHttpClient();
    private final UUID order = UUID.randomUUID();

    @AfterEach
    void stop() {
        carrier.close();
        http.close();
    }

    @Test
    void aRepeatedKeyReturnsTheSameBooking() throws Exception {
        var first = book("key-1", parcel(order, "GB"));
        var again = book("key-1", parcel(order, "GB"));
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(ledger().path("count").intValue()).isEqualTo(1);
        assertThat(ledger().path("bookings").path(0).path("requests").intValue()).isEqualTo(2);
    }

    @Test
    void theLedgerShowsADoubleBooking() throws Exception {
        book("key-1", parcel(order, "GB"));
        book("key-2", parcel(order, "GB"));
        book("key-3", parcel(UUID.randomUUID(), "GB"));
        assertThat(ledger().path("count").intValue()).isEqualTo(3);
        assertThat(get("/sandbox/bookings/" + order).path("count").intValue()).isEqualTo(2);
    }

    @Test
    void concurrentRequestsWithOneKeyCreateOneBooking() throws Exception {
        var numbers = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers =
                    IntStream.range(0, 30)
                            .mapToObj(_ -> threads.submit(() -> book("k", parcel(order, "GB"))))
                            .toList();
            for (var answer : answers) {
                numbers.add(answer.get().body());
            }
        }
        assertThat(numbers).hasSize(1);
        assertThat(ledger().path("count").intValue()).isEqualTo(1);
    }

    @Test
    void aUsedKeyWithAnotherParcelIsRefused() throws Exception {
        book("key-1", parcel(order, "GB"));
        assertThat(book("key-1", parcel(order, "FR")).statusCode()).isEqualTo(409);
    }

    @Test
    void countryXxIsPermanentlyRefused() throws Exception {
        assertThat(book("key-1", parcel(order, "AQ")).statusCode()).isEqualTo(422);
        assertThat(ledger().path("count").intValue()).isZero();
    }

    @Test
    void anUnavailableCarrierAnswers503UntilItIsAvailableAgain() throws Exception {
        send("PUT", "/sandbox/availability", "{\"available\":false}", "");
        assertThat(book("key-1", parcel(order, "GB")).statusCode()).isEqualTo(503);
        assertThat(ledger().path("count").intValue()).isZero();
        send("PUT", "/sandbox/availability", "{\"available\":true}", "");
        assertThat(book("key-1", parcel(order, "GB")).statusCode()).isEqualTo(201);
    }

    @Test
    void theLedgerContainsNoAddress() throws Exception {
        book("key-1", parcel(order, "GB"));
        assertThat(ledger().toString()).contains(order.toString()).doesNotContain("Ada", "Square");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"orderId\":\"x\"}",
                "{\"orderId\":\"x\",\"orderId\":\"y\"}",
                "{\"orderId\":\"019a7f3e-5b1c-7d42-9e6a-0c1f2a3b4c5d\",\"recipient\":\"A\",\"address\":7,\"lines\":[1]}"
            })
    void anInvalidParcelIsRefusedWithTheNameOfItsField(String body) throws Exception {
        var answer = book("key-1", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("detail");
    }

    @Test
    void aBookingWithoutAKeyOrWithAHugeBodyIsRefused() throws Exception {
        assertThat(send("POST", "/bookings", parcel(order, "GB"), "").statusCode()).isEqualTo(400);
        assertThat(book("key-1", "x".repeat(70_000)).statusCode()).isEqualTo(400);
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertThat(send("GET", "/bookings", "", "").statusCode()).isEqualTo(405);
        assertThat(send("GET", "/nowhere", "", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/sandbox/bookings/nobody", "", "").statusCode()).isEqualTo(400);
        assertThat(send("PUT", "/sandbox/availability", "{\"available\":1}", "").statusCode())
                .isEqualTo(400);
    }

    private static String parcel(UUID orderId, String country) {
        return """
               {"orderId":"%s","recipient":"Ada Lovelace","address":{"street":"St James's Square 12",
                "postalCode":"SW1Y 4JH","city":"London","country":"%s"},
                "lines":[{"sku":"MUG-BLUE","quantity":2}]}"""
                .formatted(orderId, country);
    }

    private JsonNode ledger() throws Exception {
        return get("/sandbox/bookings");
    }

    private JsonNode get(String path) throws Exception {
        return JsonMapper.shared().readTree(send("GET", path, "", "").body());
    }

    private HttpResponse<String> book(String key, String body) throws Exception {
        return send("POST", "/bookings", body, key);
    }

    private HttpResponse<String> send(String method, String path, String body, String key)
            throws Exception {
        var request =
                HttpRequest.newBuilder(carrier.url().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("Idempotency-Key", key);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
