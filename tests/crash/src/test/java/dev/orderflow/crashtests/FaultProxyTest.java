package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.crashtests.Fault.FaultKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultProxyTest {

    private final FaultInjector faultInjector = new FaultInjector();
    private final HttpClient http = HttpClient.newHttpClient();
    private final SystemProbe probe = new SystemProbe(http, "key");
    private final AtomicBoolean refusing = new AtomicBoolean();
    private final HttpStub far =
            new HttpStub(request -> new StubResponse(refusing.get() ? 409 : 201, request.body()));
    private final FaultProxy wire =
            new FaultProxy(
                    "customers",
                    Optional.empty(),
                    "order-service",
                    () ->
                            Optional.of(
                                    new FaultProxy.ProxyTarget(
                                            URI.create(far.url()), Optional.empty())),
                    faultInjector,
                    _ -> false,
                    http,
                    0);

    @AfterEach
    void close() {
        wire.close();
        far.close();
        http.close();
    }

    @Test
    void withoutAFaultACallAndItsResponseAreForwarded() {
        assertThat(call()).isEqualTo(new SystemProbe.ProbeResponse(201, "body"));
        assertThat(far.requests(_ -> true)).hasSize(1);
    }

    @Test
    void aRefusedCallIsNotForwardedAndTheNextOneIs() {
        arm(FaultKind.REFUSED);
        assertThat(call().status()).isZero();
        assertThat(far.requests(_ -> true)).isEmpty();
        assertThat(call().status()).isEqualTo(201);
    }

    @Test
    void aCallWhoseResponseIsLostIsForwarded() {
        arm(FaultKind.ANSWER_LOST);
        assertThat(call().status()).isZero();
        assertThat(far.requests(_ -> true)).hasSize(1);
        assertThat(faultInjector.injectedFaults())
                .containsOnlyKeys("customers/order-service:POST /orders answer_lost");
    }

    @Test
    void aRepeatedCallIsForwardedTwiceAndAnsweredOnce() {
        arm(FaultKind.REPEATED);
        assertThat(call().status()).isEqualTo(201);
        assertThat(far.requests(_ -> true)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"ANSWER_LOST", "REPEATED"})
    void itIsRecordedWhetherTheCallWasRefused(FaultKind kind) {
        arm(kind);
        call();
        refusing.set(true);
        arm(kind);
        call();
        assertThat(faultInjector.injections())
                .extracting(InjectedFault::refused)
                .containsExactly(false, true);
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
