package dev.orderflow.shipping.carrier;

import static dev.orderflow.shipping.shipment.CarrierCircuitBreaker.CircuitState.CLOSED;
import static dev.orderflow.shipping.shipment.CarrierCircuitBreaker.CircuitState.HALF_OPEN;
import static dev.orderflow.shipping.shipment.CarrierCircuitBreaker.CircuitState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.shipment.CarrierCircuitBreaker.CallPermit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class Resilience4jCarrierCircuitBreakerTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Resilience4jCarrierCircuitBreaker circuitBreaker =
            new Resilience4jCarrierCircuitBreaker(properties(Duration.ofMillis(300)), meters);

    @Test
    void callsToACarrierThatRespondsArePermitted() {
        for (int i = 0; i < 20; i++) {
            permit().recordSuccess();
        }
        assertThat(circuitBreaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void failuresOpenTheCircuitBreakerAndSetTheMeter() {
        var registry = new SimpleMeterRegistry();
        var opened =
                new Resilience4jCarrierCircuitBreaker(properties(Duration.ofHours(1)), registry);
        assertThat(openGauge(registry)).isZero();
        failTwice(opened);
        assertThat(opened.state()).isEqualTo(OPEN);
        assertThat(opened.tryAcquirePermit()).isEmpty();
        assertThat(openGauge(registry)).isOne();
    }

    @Test
    void oneProbeDecidesAfterTheOpenDuration(CapturedOutput output) {
        failTwice(circuitBreaker);
        await().until(() -> circuitBreaker.state() == HALF_OPEN);
        var probe = permit();
        assertThat(circuitBreaker.tryAcquirePermit()).isEmpty();
        assertThat(openGauge(meters)).as("the others are still held back").isOne();
        probe.recordFailure();
        // It may be half-open again by now.
        assertThat(output.getOut().split("circuit breaker open", -1)).hasSize(1 + 2);

        await().until(() -> circuitBreaker.state() == HALF_OPEN);
        permit().recordSuccess();
        assertThat(circuitBreaker.state()).isEqualTo(CLOSED);
        assertThat(openGauge(meters)).isZero();
    }

    @Test
    void anUnusedPermitIsNotAProbe() {
        failTwice(circuitBreaker);
        await().until(() -> circuitBreaker.state() == HALF_OPEN);
        permit().close();
        assertThat(circuitBreaker.state()).isEqualTo(HALF_OPEN);
        permit().recordSuccess();
        assertThat(circuitBreaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void aPermitRecordsOneResult() {
        var permit = permit();
        permit.recordSuccess();
        permit.recordFailure();
        permit.recordFailure();
        permit.close();
        assertThat(circuitBreaker.state()).isEqualTo(CLOSED);
    }

    private static void failTwice(Resilience4jCarrierCircuitBreaker circuitBreaker) {
        for (int call = 1; call <= 2; call++) {
            circuitBreaker.tryAcquirePermit().orElseThrow().recordFailure();
        }
    }

    private CallPermit permit() {
        return circuitBreaker.tryAcquirePermit().orElseThrow();
    }

    private static double openGauge(SimpleMeterRegistry meters) {
        return meters.get("shipments.circuit.open").gauge().value();
    }

    private static ShippingProperties properties(Duration openDuration) {
        var second = Duration.ofSeconds(1);
        var nowhere = URI.create("http://127.0.0.1:1");
        return new ShippingProperties(
                new ShippingProperties.DispatchPermitClientProperties(nowhere, second),
                new ShippingProperties.AuthorizationClientProperties(nowhere, second),
                new ShippingProperties.CarrierClientProperties(nowhere, second, second),
                new ShippingProperties.WorkflowClientProperties(second),
                new ShippingProperties.CircuitBreakerProperties(4, 2, 50, openDuration),
                new ShippingProperties.ShippingRetryProperties(second, second, 4),
                new ShippingProperties.ShipmentSchedulerProperties(second, second, second, second));
    }
}
