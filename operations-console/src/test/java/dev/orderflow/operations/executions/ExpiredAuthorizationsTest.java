package dev.orderflow.operations.executions;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;

class ExpiredAuthorizationsTest {

    private final UUID held = UUID.randomUUID();
    private final UUID lost = UUID.randomUUID();
    private final List<String> asked = new ArrayList<>();
    private volatile int status = 200;
    private HttpServer payments;
    private ExpiredAuthorizations lostHolds;

    @BeforeEach
    void start() throws Exception {
        payments = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        payments.createContext(
                "/internal/payments/status-batch",
                exchange -> {
                    try (exchange) {
                        asked.add(
                                new String(
                                        exchange.getRequestBody().readAllBytes(),
                                        StandardCharsets.UTF_8));
                        var body =
                                "{\"payments\":[],\"charges\":[{\"orderId\":\"%s\"}]}"
                                        .formatted(held)
                                        .getBytes(StandardCharsets.UTF_8);
                        exchange.getResponseHeaders().set("Content-Type", "application/json");
                        exchange.sendResponseHeaders(status, body.length);
                        exchange.getResponseBody().write(body);
                    }
                });
        payments.start();
        var url = URI.create("http://127.0.0.1:" + payments.getAddress().getPort());
        lostHolds = new ExpiredAuthorizations(RestClient.create(url));
    }

    @AfterEach
    void stop() {
        payments.stop(0);
    }

    @Test
    void aFailedCaptureWhoseHoldIsGoneIsNotOfferedForARedrive() {
        var assessed =
                lostHolds.assess(
                        List.of(
                                failed(held, "CapturePayment"),
                                failed(lost, "CapturePayment"),
                                failed(lost, "VoidPayment")));
        assertThat(assessed)
                .extracting(StoppedExecution::refusal)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(ExpiredAuthorizations.REFUSAL),
                        Optional.empty());
        assertThat(asked).hasSize(1);
    }

    @Test
    void whatPaymentServiceDoesNotAnswerIsNotGuessed() {
        status = 503;
        assertThat(lostHolds.assess(List.of(failed(lost, "CapturePayment"))))
                .extracting(StoppedExecution::refusal)
                .containsExactly(Optional.empty());
    }

    @Test
    void withoutAFailedCaptureNobodyIsAsked() {
        assertThat(lostHolds.assess(List.of(failed(lost, "VoidPayment")))).hasSize(1);
        assertThat(asked).isEmpty();
    }

    private static StoppedExecution failed(UUID order, String state) {
        return new StoppedExecution(
                "arn:" + order,
                order.toString(),
                "FAILED",
                state,
                "States.Http.StatusCode.424",
                Instant.EPOCH,
                0,
                Optional.empty());
    }
}
