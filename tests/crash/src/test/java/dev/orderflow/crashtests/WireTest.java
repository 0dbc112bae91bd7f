package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.orderflow.crashtests.Fault.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WireTest {

    private final AtomicInteger heard = new AtomicInteger();
    private final Chaos chaos = new Chaos();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Outside outside = new Outside(http, "key");
    private final HttpServer far = far();
    private final Wire wire =
            new Wire(
                    "customers",
                    Optional.empty(),
                    "order-service",
                    () ->
                            Optional.of(
                                    new Wire.Target(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + far.getAddress().getPort()),
                                            Optional.empty())),
                    chaos,
                    _ -> false,
                    http,
                    0);

    private HttpServer far() {
        try {
            var server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        heard.incrementAndGet();
                        var body = exchange.getRequestBody().readAllBytes();
                        exchange.sendResponseHeaders(201, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            server.start();
            return server;
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @AfterEach
    void close() {
        wire.close();
        far.stop(0);
        http.close();
    }

    @Test
    void withoutAFaultACallIsPassedOnAndItsAnswerReturned() {
        assertThat(call()).isEqualTo(new Outside.Answer(201, "wish"));
        assertThat(heard).hasValue(1);
    }

    @Test
    void aRefusedCallIsNotHeardAndTheNextOneIs() {
        arm(Kind.REFUSED);
        assertThat(call().status()).isZero();
        assertThat(heard).hasValue(0);
        assertThat(call().status()).isEqualTo(201);
    }

    @Test
    void aCallWhoseAnswerIsLostWasDoneAllTheSame() {
        arm(Kind.ANSWER_LOST);
        assertThat(call().status()).isZero();
        assertThat(heard).hasValue(1);
        assertThat(chaos.struck())
                .containsOnlyKeys("customers/order-service:POST /orders answer_lost");
    }

    @Test
    void aRepeatedCallIsHeardTwiceAndAnsweredOnce() {
        arm(Kind.REPEATED);
        assertThat(call().status()).isEqualTo(201);
        assertThat(heard).hasValue(2);
    }

    @Test
    void whatCannotBeKilledStaysArmed() {
        arm(Kind.CALLEE_KILLED_AFTER);
        assertThat(call().status()).isEqualTo(201);
        assertThat(chaos.armed()).isEqualTo(1);
    }

    @Test
    void aFaultStrikesTheCallItIsMeantFor() {
        arm(Kind.REFUSED);
        assertThat(outside.call("POST", wire.url(), "/other", Map.of(), "x").status())
                .isEqualTo(201);
        assertThat(chaos.armed()).isEqualTo(1);
    }

    private void arm(Kind kind) {
        chaos.arm(List.of(new Fault(kind, "customers", "order-service", "POST /orders", 1)));
    }

    private Outside.Answer call() {
        return outside.call("POST", wire.url(), "/orders", Map.of(), "wish");
    }
}
