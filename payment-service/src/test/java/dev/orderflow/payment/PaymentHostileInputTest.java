package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.ApiFuzzer;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Malformed and hostile requests.
class PaymentHostileInputTest extends PaymentServiceFixture {

    @Test
    void noOperationLeaksInternalsOnHostileInput(
            @Autowired @Qualifier("requestMappingHandlerMapping")
                    RequestMappingHandlerMapping mapping) {
        var operations = ApiFuzzer.ofInternalApi(mapping, port);
        assertThat(operations.findViolations()).isEmpty();
        assertThat(operations.requestCount()).isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"\"",
                "{",
                "{}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\"}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":null}",
                "{\"customerRef\":null,\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":1.00,\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"-1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"0.49\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1000000.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"DEM\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm-card-visa\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1e9\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EURO\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"ZZZ\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"},\"x\":1}",
                "{\"customerRef\":\"c\",\"customerRef\":\"d\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"ada@example.org\",\"paymentMethodId\":\"pm\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm/../../v1\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\\u0000\",\"amount\":{\"amount\":\"1.00\",\"currency\":\"EUR\"}}",
                "{\"customerRef\":\"c\",\"paymentMethodId\":\"pm\",\"amount\":[[[[[[[[[[]]]]]]]]]]}"
            })
    void anInvalidBodyIsRefusedAndChangesNothing(String body) {
        var response = post("authorization", order + ":authorization", body);
        assertProblem(response, 400, "malformed-body");
        assertThat(response.body()).doesNotContain("dev.orderflow").doesNotContain("Exception");
        assertThat(gateway.recordedCalls()).isEmpty();
        assertProblem(get(order.toString()), 404, "payment-not-found");
    }

    @Test
    void theBodiesOfAllOperationsAreReadStrictly() {
        assertProblem(post("void", "k", "{\"force\":true}"), 400, "malformed-body");
        assertProblem(post("void", "k", ""), 400, "malformed-body");
        assertProblem(post("capture", "k", "{}"), 400, "malformed-body");
        assertProblem(
                post("refund", "k", "{\"amount\":" + AMOUNT + ",\"reason\":\"BECAUSE\"}"),
                400,
                "malformed-body");
        assertProblem(
                post("refund", "k", "{\"amount\":" + AMOUNT + ",\"reason\":0}"),
                400,
                "malformed-body");
        assertProblem(post("refund", "k", "{\"amount\":" + AMOUNT + "}"), 400, "malformed-body");
    }

    @Test
    void theIdempotencyKeyMustBePresentAndValid() {
        assertProblem(post("void", null, "{}"), 400, "idempotency-key-missing");
        assertProblem(post("void", "two words", "{}"), 400, "idempotency-key-malformed");
        assertProblem(post("void", "k".repeat(256), "{}"), 400, "idempotency-key-malformed");
        assertThat(post("void", "k".repeat(255), "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void requestsWithoutAnApiKeyAreForbidden() throws Exception {
        var request =
                HttpRequest.newBuilder(uri(order + "/void"))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "k")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertProblem(response, 403, "internal-api-key-required");
        assertProblem(get(order.toString()), 404, "payment-not-found");
    }

    @Test
    void invalidPathsAndMethodsAreRefused() {
        assertThat(send("not-an-order/void", "k", "{}").statusCode()).isEqualTo(400);
        assertThat(send("by-key/void", "k", "{}").statusCode()).isEqualTo(400);
        assertThat(get(order + "/void").statusCode()).isEqualTo(405);
        assertThat(get("by-key/%00").statusCode()).isEqualTo(400);
        assertThat(get("by-key/%E2%82%AC").statusCode()).isEqualTo(400);
        assertThat(get("by-key/a%20b").statusCode()).isEqualTo(400);
        assertThat(get("..%2f..%2factuator").statusCode()).isEqualTo(400);
        assertThat(post("authorization", "k", "x".repeat(70_000)).statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "POST /internal/payments HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
                "GET /internal/payments/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /internal/payments/x/void HTTP/1.1\r\nHost: x\r\nX-Api-Key: test-internal-api-key\r\nContent-Type: text/xml\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>"
            })
    void malformedHttpNeverCausesAServerError(String request) throws Exception {
        assertThat(sendRaw(request)).startsWith("HTTP/1.1 4").doesNotContain("Exception");
    }

    private String sendRaw(String request) throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            var response = new byte[2000];
            int length = socket.getInputStream().read(response);
            return new String(response, 0, Math.max(length, 0), StandardCharsets.ISO_8859_1);
        }
    }
}
