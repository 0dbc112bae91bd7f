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

class Resilience4jCarrierCircuitBreakerTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Resilience4jCarrierCircuitBreaker circuitBreaker =
            new Resilience4jCarrierCircuitBreaker(properties(), meters);

    @Test
    void callsToACarrierThatRespondsArePermitted() {
        for (int i = 0; i < 20; i++) {
            permit().recordSuccess();
        }
        assertThat(circuitBreaker.state()).isEqualTo(CLOSED);
    }

    @Test
    void failuresOpenTheCircuitBreakerAndSetTheMeter() {
        assertThat(openGauge()).isZero();
        failTwice();
        assertThat(circuitBreaker.state()).isEqualTo(OPEN);
        assertThat(circuitBreaker.tryAcquirePermit()).isEmpty();
        assertThat(openGauge()).isOne();
    }

    @Test
    void oneProbeDecidesAfterTheOpenDuration() {
        failTwice();
        await().until(() -> circuitBreaker.state() == HALF_OPEN);
        var probe = permit();
        assertThat(circuitBreaker.tryAcquirePermit()).isEmpty();
        assertThat(openGauge()).as("the others are still held back").isOne();
        probe.recordFailure();
        assertThat(circuitBreaker.state()).isEqualTo(OPEN);

        await().until(() -> circuitBreaker.state() == HALF_OPEN);
        permit().recordSuccess();
        assertThat(circuitBreaker.state()).isEqualTo(CLOSED);
        assertThat(openGauge()).isZero();
    }

    @Test
    void anUnusedPermitIsNotAProbe() {
        failTwice();
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

    private void failTwice() {
        permit().recordFailure();
        permit().recordFailure();
    }

    private CallPermit permit() {
        return circuitBreaker.tryAcquirePermit().orElseThrow();
    }

    private double openGauge() {
        return meters.get("shipments.circuit.open").gauge().value();
    }

    private static ShippingProperties properties() {
        var second = Duration.ofSeconds(1);
        var nowhere = URI.create("http://127.0.0.1:1");
        return new ShippingProperties(
                new ShippingProperties.DispatchPermitClientProperties(nowhere, second),
                new ShippingProperties.AuthorizationClientProperties(nowhere, second),
                new ShippingProperties.CarrierClientProperties(nowhere, second, second),
                new ShippingProperties.WorkflowClientProperties(second),
                new ShippingProperties.CircuitBreakerProperties(4, 2, 50, Duration.ofMillis(300)),
                new ShippingProperties.ShippingRetryProperties(second, second, 4),
                new ShippingProperties.ShipmentSchedulerProperties(second, second, second, second));
    }
}
