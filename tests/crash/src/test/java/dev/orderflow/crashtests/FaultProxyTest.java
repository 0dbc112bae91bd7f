package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.orderflow.crashtests.Fault.FaultKind;
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

class FaultProxyTest {

    private final AtomicInteger forwardedCalls = new AtomicInteger();
    private final FaultInjector faultInjector = new FaultInjector();
    private final HttpClient http = HttpClient.newHttpClient();
    private final SystemProbe probe = new SystemProbe(http, "key");
    private final HttpServer far = far();
    private final FaultProxy wire =
            new FaultProxy(
                    "customers",
                    Optional.empty(),
                    "order-service",
                    () ->
                            Optional.of(
                                    new FaultProxy.ProxyTarget(
                                            URI.create(
                                                    "http://127.0.0.1:"
                                                            + far.getAddress().getPort()),
                                            Optional.empty())),
                    faultInjector,
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
                        forwardedCalls.incrementAndGet();
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
    void withoutAFaultACallAndItsResponseAreForwarded() {
        assertThat(call()).isEqualTo(new SystemProbe.ProbeResponse(201, "body"));
        assertThat(forwardedCalls).hasValue(1);
    }

    @Test
    void aRefusedCallIsNotForwardedAndTheNextOneIs() {
        arm(FaultKind.REFUSED);
        assertThat(call().status()).isZero();
        assertThat(forwardedCalls).hasValue(0);
        assertThat(call().status()).isEqualTo(201);
    }

    @Test
    void aCallWhoseResponseIsLostIsForwarded() {
        arm(FaultKind.ANSWER_LOST);
        assertThat(call().status()).isZero();
        assertThat(forwardedCalls).hasValue(1);
        assertThat(faultInjector.injectedFaults())
                .containsOnlyKeys("customers/order-service:POST /orders answer_lost");
    }

    @Test
    void aRepeatedCallIsForwardedTwiceAndAnsweredOnce() {
        arm(FaultKind.REPEATED);
        assertThat(call().status()).isEqualTo(201);
        assertThat(forwardedCalls).hasValue(2);
    }

    @Test
    void aKillOfAnUnkillableProcessStaysArmed() {
        arm(FaultKind.CALLEE_KILLED_AFTER);
        assertThat(call().status()).isEqualTo(201);
        assertThat(faultInjector.armedFaults()).isEqualTo(1);
    }

    @Test
    void aFaultAppliesOnlyToItsOwnInjectionPoint() {
        arm(FaultKind.REFUSED);
        assertThat(probe.call("POST", wire.url(), "/other", Map.of(), "x").status()).isEqualTo(201);
        assertThat(faultInjector.armedFaults()).isEqualTo(1);
    }

    private void arm(FaultKind kind) {
        faultInjector.arm(
                List.of(new Fault(kind, "customers", "order-service", "POST /orders", 1)));
    }

    private SystemProbe.ProbeResponse call() {
        return probe.call("POST", wire.url(), "/orders", Map.of(), "body");
    }
}
