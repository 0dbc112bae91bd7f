package dev.orderflow.sandboxes.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sandbox gateway over HTTP, compared with the documentation of Stripe.
class SandboxGatewayTest {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static SandboxGateway gateway;

    private final String order = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        gateway = SandboxGateway.start(0, Duration.ofMillis(300));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void nothingFails() throws Exception {
        fault("{\"mode\":\"none\"}");
    }

    @Test
    void anIntentIsCreatedConfirmedCapturedAndRefunded() throws Exception {
        var intent = open("pm_card_visa");
        assertThat(intent.path("status").asString()).isEqualTo("requires_confirmation");
        assertLedger(0, "0.00", "0.00");
        assertThat(step(intent, "confirm", "").path("status").asString())
                .isEqualTo("requires_capture");
        assertLedger(1, "0.00", "49.90");
        assertThat(step(intent, "capture", "amount_to_capture=4990").path("status").asString())
                .isEqualTo("succeeded");
        assertLedger(1, "49.90", "0.00");
        var refund = json(post("/v1/refunds", "amount=990&payment_intent=" + id(intent), null));
        assertThat(refund.path("status").asString()).isEqualTo("succeeded");
        assertLedger(1, "40.00", "0.00");
        var seen = json(get("/v1/payment_intents/" + id(intent) + "?expand%5B0%5D=latest_charge"));
        assertThat(seen.path("latest_charge").path("amount_refunded").intValue()).isEqualTo(990);
        assertThat(seen.path("amount_received").intValue()).isEqualTo(4990);
    }

    @Test
    void aCancelledIntentAuthorizesNothingAndCannotBeConfirmed() throws Exception {
        var held = open("pm_card_visa");
        step(held, "confirm", "");
        assertThat(step(held, "cancel", "").path("status").asString()).isEqualTo("canceled");
        assertLedger(1, "0.00", "0.00");
        var unconfirmed = open("pm_card_visa");
        step(unconfirmed, "cancel", "cancellation_reason=abandoned");
        assertError(
                post("/v1/payment_intents/" + id(unconfirmed) + "/confirm", "", null),
                400,
                "invalid_request_error",
                "payment_intent_unexpected_state");
        assertLedger(1, "0.00", "0.00");
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_chargeDeclined,card_declined,generic_decline",
        "pm_card_chargeDeclinedInsufficientFunds,card_declined,insufficient_funds",
        "pm_card_chargeDeclinedExpiredCard,expired_card,"
    })
    void aDeclinedCardHasItsDeclineCode(String card, String code, String declineCode)
            throws Exception {
        var intent = open(card);
        var answer = post("/v1/payment_intents/" + id(intent) + "/confirm", "", null);
        assertError(answer, 402, "card_error", code);
        assertThat(json(answer).path("error").path("decline_code").asString(""))
                .isEqualTo(declineCode == null ? "" : declineCode);
        var seen = json(get("/v1/payment_intents/" + id(intent)));
        assertThat(seen.path("status").asString()).isEqualTo("requires_payment_method");
        assertThat(seen.path("last_payment_error").path("code").asString()).isEqualTo(code);
        assertLedger(0, "0.00", "0.00");
    }

    @Test
    void refundsAreListedNewestFirstWithTheirMetadataAndPagedInBothDirections() throws Exception {
        var intent = open("pm_card_visa");
        step(intent, "confirm", "");
        step(intent, "capture", "");
        for (int i = 1; i <= 3; i++) {
            var refund =
                    json(
                            post(
                                    "/v1/refunds",
                                    "amount=%d&payment_intent=%s&metadata%%5Brefund_key%%5D=k%d"
                                            .formatted(i, id(intent), i),
                                    null));
            assertThat(refund.path("metadata").path("refund_key").asString()).isEqualTo("k" + i);
        }
        var list = "/v1/refunds?payment_intent=" + id(intent);
        assertThat(json(get(list)).path("data").values())
                .extracting(refund -> refund.path("amount").intValue())
                .containsExactly(3, 2, 1);
        var newest = json(get(list + "&limit=1"));
        assertThat(newest.path("has_more").booleanValue()).isTrue();
        var after = newest.path("data").path(0).path("id").asString();
        assertThat(json(get(list + "&starting_after=" + after)).path("data")).hasSize(2);
        var oldest = json(get(list)).path("data").path(2).path("id").asString();
        var next = json(get(list + "&limit=1&ending_before=" + oldest));
        assertThat(next.path("data").path(0).path("amount").intValue()).isEqualTo(2);
        assertThat(next.path("has_more").booleanValue()).isTrue();
        assertError(
                get(list + "&starting_after=re_unknown"),
                400,
                "invalid_request_error",
                "resource_missing");
    }

    @Test
    void anExpiredAuthorizationIsCancelledAndListedAsAnEvent() throws Exception {
        var intent = open("pm_card_visa");
        step(intent, "confirm", "");
        assertThat(hold("{\"seconds\":3600}").statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "49.90");
        assertThat(hold("{\"seconds\":0}").statusCode()).isEqualTo(200);
        assertLedger(1, "0.00", "0.00");
        assertThat(hold("{\"seconds\":0}").statusCode()).isEqualTo(404);
        assertThat(hold("{}").statusCode()).isEqualTo(400);
        assertThat(json(get("/v1/payment_intents/" + id(intent))).path("status").asString())
                .isEqualTo("canceled");
        assertError(
                post("/v1/payment_intents/" + id(intent) + "/capture", "", null),
                400,
                "invalid_request_error",
                "payment_intent_unexpected_state");
        var event = json(get("/v1/events?types%5B0%5D=payment_intent.canceled&limit=1"));
        assertThat(event.at("/data/0/data/object/id").asString()).isEqualTo(id(intent));
    }

    @Test
    void anInjectedRefusalHasItsErrorCode() throws Exception {
        assertThat(fault("{\"mode\":\"refused\"}").statusCode()).isEqualTo(400);
        assertThat(fault("{\"mode\":\"down\",\"code\":\"x\"}").statusCode()).isEqualTo(400);
        fault("{\"mode\":\"refused\",\"code\":\"amount_too_large\",\"on\":\"create\",\"times\":1}");
        assertError(
                post("/v1/payment_intents", opening("pm_card_visa"), order + ":refused"),
                400,
                "invalid_request_error",
                "amount_too_large");
    }

    private HttpResponse<String> hold(String body) throws Exception {
        return send(
                HttpRequest.newBuilder(uri("/sandbox/authorizations/" + order))
                        .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    // Idempotency keys

    @Test
    void aRepeatedKeyWithTheSameParametersGetsTheStoredResponse() throws Exception {
        var key = order + ":a";
        var first = post("/v1/payment_intents", opening("pm_card_visa"), key);
        var again = post("/v1/payment_intents", opening("pm_card_visa"), key);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.headers().firstValue("Idempotent-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        var declined = json(post("/v1/payment_intents", opening("pm_card_chargeDeclined"), null));
        var path = "/v1/payment_intents/" + id(declined) + "/confirm";
        assertThat(post(path, "", key + 2).statusCode()).isEqualTo(402);
        assertThat(post(path, "", key + 2).headers().firstValue("Idempotent-Replayed"))
                .as("failures are stored too")
                .contains("true");
    }

    @Test
    void aRepeatedKeyWithOtherParametersIsAnError() throws Exception {
        var key = order + ":a";
        post("/v1/payment_intents", opening("pm_card_visa"), key);
        assertError(
                post("/v1/payment_intents", opening("pm_card_mastercard"), key),
                400,
                "idempotency_error",
                "");
    }

    @Test
    void aMalformedRequestDoesNotUseUpItsKey() throws Exception {
        var key = order + ":a";
        assertThat(post("/v1/payment_intents", "amount=x", key).statusCode()).isEqualTo(400);
        assertThat(post("/v1/payment_intents", opening("pm_card_visa"), key).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aKeyIsInUseUntilItsResponseIsSent() throws Exception {
        var intent = open("pm_card_slow");
        var path = "/v1/payment_intents/" + id(intent) + "/confirm";
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> post(path, "", order));
            while (!json(get("/v1/payment_intents/" + id(intent)))
                    .path("status")
                    .asString()
                    .equals("requires_capture")) {
                Thread.onSpinWait();
            }
            var meanwhile = post(path, "", order);
            assertError(meanwhile, 409, "idempotency_error", "idempotency_key_in_use");
            assertThat(first.get().statusCode()).isEqualTo(200);
        }
        assertThat(post(path, "", order).headers().firstValue("Idempotent-Replayed"))
                .contains("true");
        assertLedger(1, "0.00", "49.90");
    }

    @Test
    void concurrentConfirmationsConfirmOnce() throws Exception {
        var intent = open("pm_card_visa");
        var path = "/v1/payment_intents/" + id(intent) + "/confirm";
        var answers = new ArrayList<Future<HttpResponse<String>>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                var key = "key-" + i + order;
                answers.add(threads.submit(() -> post(path, "", key)));
            }
        }
        int confirmed = 0;
        for (var answer : answers) {
            confirmed += answer.get().statusCode() == 200 ? 1 : 0;
        }
        assertThat(confirmed).isEqualTo(1);
        assertLedger(1, "0.00", "49.90");
    }

    // Faults

    @Test
    void anOperationWhoseResponseIsLostWasExecuted() throws Exception {
        var intent = open("pm_card_answerLost");
        var path = "/v1/payment_intents/" + id(intent) + "/confirm";
        assertThat(broken(path, order)).isTrue();
        assertLedger(1, "0.00", "49.90");
        assertThat(post(path, "", order).statusCode()).as("lost once").isEqualTo(200);
        assertLedger(1, "0.00", "49.90");
    }

    @ParameterizedTest
    @CsvSource({"down,503", "error500,500", "throttle429,429"})
    void anInjectedErrorExecutesNothing(String mode, int status) throws Exception {
        var intent = open("pm_card_visa");
        fault("{\"mode\":\"%s\",\"times\":1,\"on\":\"confirm\"}".formatted(mode));
        assertThat(get("/v1/payment_intents/" + id(intent)).statusCode()).isEqualTo(200);
        var path = "/v1/payment_intents/" + id(intent) + "/confirm";
        assertThat(post(path, "", order).statusCode()).isEqualTo(status);
        assertLedger(0, "0.00", "0.00");
        var again = post(path, "", order);
        assertThat(again.statusCode())
                .as("a failure is stored, a refusal at the door is not")
                .isEqualTo(status == 500 ? 500 : 200);
        assertThat(post(path, "", order + "2").statusCode()).isIn(200, 400);
        assertLedger(1, "0.00", "49.90");
    }

    @Test
    void aConnectionResetBeforeTheRequestExecutesNothing() throws Exception {
        var intent = open("pm_card_visa");
        fault("{\"mode\":\"reset\",\"times\":1}");
        var path = "/v1/payment_intents/" + id(intent) + "/confirm";
        assertThat(broken(path, order)).isTrue();
        assertLedger(0, "0.00", "0.00");
        assertThat(post(path, "", order).statusCode()).isEqualTo(200);
    }

    @Test
    void theSummaryListsOrdersWithTwoAuthorizations() throws Exception {
        step(open("pm_card_visa"), "confirm", "");
        assertThat(summary()).doesNotContain(order);
        step(open("pm_card_visa"), "confirm", "");
        assertThat(summary()).contains(order);
        assertLedger(2, "0.00", "99.80");
    }

    // Bad input

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "&&&",
                "=",
                "%zz=1",
                "amount",
                "amount=&currency=eur",
                "amount=0&currency=eur&capture_method=manual",
                "amount=-1&currency=eur&capture_method=manual",
                "amount=1.5&currency=eur&capture_method=manual",
                "amount=99999999999999999999&currency=eur&capture_method=manual",
                "amount=100000000&currency=eur&capture_method=manual",
                "amount=49&currency=eur&capture_method=manual",
                "amount=1235&currency=kwd&capture_method=manual",
                "amount=100&currency=dem&capture_method=manual",
                "amount=100&currency=nonsense&capture_method=manual",
                "amount=100&currency=xxx&capture_method=manual",
                "amount=100&currency=eur",
                "amount=100&currency=eur&capture_method=automatic",
                "amount=100&currency=eur&capture_method=manual&confirm=true",
                "amount=100&amount=200&currency=eur&capture_method=manual",
                "amount=100&currency=eur&capture_method=manual&payment_method=pm_nobody",
                "amount=100&currency=eur&capture_method=manual&payment_method_types[0]=ideal",
                "amount[x]=100&currency=eur&capture_method=manual",
                "{\"amount\":100}"
            })
    void anInvalidFormIsRefused(String form) throws Exception {
        var answer = post("/v1/payment_intents", form, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json(answer).path("error").path("type").asString())
                .isEqualTo("invalid_request_error");
    }

    @Test
    void unknownResourcesAndInvalidOperationsAreRefused() throws Exception {
        assertThat(get("/v1/payment_intents/pi_nobody").statusCode()).isEqualTo(404);
        assertThat(get("/v1/payment_intents").statusCode()).isEqualTo(404);
        assertThat(get("/v1/customers").statusCode()).isEqualTo(404);
        assertThat(get("/v1/payment_intents/..%2f..%2fsandbox").statusCode()).isEqualTo(404);
        assertThat(post("/v1/refunds", "payment_intent=pi_nobody", null).statusCode())
                .isEqualTo(404);
        var intent = open("pm_card_visa");
        assertThat(post("/v1/refunds", "payment_intent=" + id(intent), null).statusCode())
                .isEqualTo(400);
        step(intent, "confirm", "");
        assertError(
                post(
                        "/v1/payment_intents/" + id(intent) + "/capture",
                        "amount_to_capture=4991",
                        null),
                400,
                "invalid_request_error",
                "amount_too_large");
        assertThat(post("/v1/payment_intents", "a=" + "x".repeat(70_000), null).statusCode())
                .isEqualTo(400);
        assertThat(
                        post("/v1/payment_intents", opening("pm_card_visa"), "k".repeat(256))
                                .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic c2tfdGVzdA==", "Bearer sk_live_real", "Bearer "})
    void onlyTestKeysAreAccepted(String authorization) throws Exception {
        var request = HttpRequest.newBuilder(uri("/v1/payment_intents/pi_1"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        assertThat(send(request).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"mode\":1}",
                "{\"mode\":\"flood\"}",
                "{\"mode\":\"down\",\"times\":0}",
                "{\"mode\":\"down\",\"times\":1.5}",
                "{\"mode\":\"down\",\"on\":\"dispute\"}",
                "{\"mode\":\"slow\",\"delayMillis\":999999999}",
                "{\"mode\":\"down\",\"mode\":\"none\"}",
                "{\"mode\":\"down\",\"why\":1}"
            })
    void anUnknownFaultIsRefusedAndChangesNothing(String body) throws Exception {
        assertThat(fault(body).statusCode()).isEqualTo(400);
        assertThat(json(get("/sandbox/faults")).path("mode").asString()).isEqualTo("none");
    }

    @Test
    void theLedgerOfAnUnknownOrderIsEmpty() throws Exception {
        assertThat(json(get("/sandbox/ledger/nobody")).path("charges").intValue()).isZero();
        assertThat(json(get("/sandbox/ledger/nobody")).path("net").asString()).isEqualTo("0.00");
        assertThat(post("/sandbox/ledger", "", null).statusCode()).isEqualTo(405);
        assertThat(get("/sandbox").statusCode()).isEqualTo(404);
    }

    // Helpers

    private JsonNode open(String card) throws Exception {
        return json(post("/v1/payment_intents", opening(card), null));
    }

    private String opening(String card) {
        return ("amount=4990&currency=eur&capture_method=manual&payment_method_types%%5B0%%5D=card"
                        + "&payment_method=%s&metadata%%5Border_id%%5D=%s")
                .formatted(card, order);
    }

    private JsonNode step(JsonNode intent, String step, String form) throws Exception {
        return json(post("/v1/payment_intents/" + id(intent) + "/" + step, form, null));
    }

    private static String id(JsonNode intent) {
        return intent.path("id").asString();
    }

    private void assertLedger(int charges, String net, String held) throws Exception {
        var ledger = json(get("/sandbox/ledger/" + order));
        assertThat(ledger.path("charges").intValue()).isEqualTo(charges);
        assertThat(ledger.path("net").asString()).isEqualTo(net);
        assertThat(ledger.path("authorized").asString()).isEqualTo(held);
    }

    private static void assertError(
            HttpResponse<String> answer, int status, String type, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("error").path("type").asString()).isEqualTo(type);
        assertThat(json(answer).path("error").path("code").asString("")).isEqualTo(code);
    }

    private static String summary() throws Exception {
        return json(get("/sandbox/ledger")).path("chargedMoreThanOnce").toString();
    }

    @Test
    void everyModeIsListedWithItsEffectAndAnExampleThatCanBeSent() throws Exception {
        var modes = json(get("/sandbox/fault-modes")).path("modes");
        assertThat(modes.valueStream().map(mode -> mode.path("mode").asString("")))
                .containsExactly(
                        Arrays.stream(GatewayFaults.FaultMode.values())
                                .map(GatewayFaults.FaultMode::name)
                                .toArray(String[]::new));
        for (var mode : modes) {
            assertThat(mode.path("effect").asString("")).endsWith(".");
            var active = fault(mode.path("example").toString());
            assertThat(active.statusCode()).as(active.body()).isEqualTo(200);
            assertThat(json(active).path("mode")).isEqualTo(mode.path("mode"));
        }
    }

    @Test
    void everyTestCardIsListedWithWhatHappensToAPayment() throws Exception {
        var cards = json(get("/sandbox/cards")).path("cards");
        assertThat(cards.size()).isEqualTo(TestCard.values().length);
        for (var card : cards) {
            var intent = open(card.path("id").asString());
            boolean pays = card.path("effect").asString().startsWith("Pays");
            if (card.path("id").asString().equals(TestCard.ANSWER_LOST.id())) {
                continue;
            }
            assertThat(
                            post("/v1/payment_intents/" + id(intent) + "/confirm", "", null)
                                    .statusCode())
                    .as(card.toString())
                    .isEqualTo(pays ? 200 : 402);
        }
        assertThat(send(HttpRequest.newBuilder(uri("/sandbox/cards")).DELETE()).statusCode())
                .isEqualTo(405);
    }

    private static HttpResponse<String> fault(String body) throws Exception {
        return send(
                HttpRequest.newBuilder(uri("/sandbox/faults"))
                        .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer sk_test_x"));
    }

    private static HttpResponse<String> post(String path, String form, String key)
            throws Exception {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Authorization", "Bearer sk_test_x")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return send(request);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Whether the connection is closed without a response.
    private static boolean broken(String path, String key) throws IOException {
        try (var socket = new Socket("127.0.0.1", gateway.url().getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(
                            """
                            POST %s HTTP/1.1\r
                            Host: sandbox\r
                            Authorization: Bearer sk_test_x\r
                            Idempotency-Key: %s\r
                            Content-Length: 0\r
                            \r
                            """
                                    .formatted(path, key)
                                    .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read() < 0;
        } catch (SocketException _) {
            return true;
        }
    }

    private static URI uri(String path) {
        return URI.create(gateway.url() + path);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }
}
