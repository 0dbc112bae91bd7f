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
    private final Resilience4jCarrierCircuitBreaker gate =
            new Resilience4jCarrierCircuitBreaker(properties(), meters);

    @Test
    void aCarrierThatAnswersIsAskedFreely() {
        for (int i = 0; i < 20; i++) {
            passage().recordSuccess();
        }
        assertThat(gate.state()).isEqualTo(CLOSED);
    }

    @Test
    void aCarrierThatIsSilentIsLeftAloneAndTheMeterSaysSo() {
        assertThat(open()).isZero();
        breakDown();
        assertThat(gate.state()).isEqualTo(OPEN);
        assertThat(gate.tryAcquirePermit()).isEmpty();
        assertThat(open()).isOne();
    }

    @Test
    void afterAWhileOneProbeGoesThroughAndItsFateDecides() {
        breakDown();
        await().until(() -> gate.state() == HALF_OPEN);
        var probe = passage();
        assertThat(gate.tryAcquirePermit()).isEmpty();
        assertThat(open()).as("the others are still held back").isOne();
        probe.recordFailure();
        assertThat(gate.state()).isEqualTo(OPEN);

        await().until(() -> gate.state() == HALF_OPEN);
        passage().recordSuccess();
        assertThat(gate.state()).isEqualTo(CLOSED);
        assertThat(open()).isZero();
    }

    @Test
    void aPassageThatWasNotUsedIsNoProbe() {
        breakDown();
        await().until(() -> gate.state() == HALF_OPEN);
        passage().close();
        assertThat(gate.state()).isEqualTo(HALF_OPEN);
        passage().recordSuccess();
        assertThat(gate.state()).isEqualTo(CLOSED);
    }

    @Test
    void aPassageCountsOnce() {
        var passage = passage();
        passage.recordSuccess();
        passage.recordFailure();
        passage.recordFailure();
        passage.close();
        assertThat(gate.state()).isEqualTo(CLOSED);
    }

    private void breakDown() {
        passage().recordFailure();
        passage().recordFailure();
    }

    private CallPermit passage() {
        return gate.tryAcquirePermit().orElseThrow();
    }

    private double open() {
        return meters.get("shipping.circuit.open").gauge().value();
    }

    private static ShippingProperties properties() {
        var second = Duration.ofSeconds(1);
        var nowhere = URI.create("http://127.0.0.1:1");
        return new ShippingProperties(
                "requests",
                "cancellations",
                new ShippingProperties.DispatchPermitClientProperties(nowhere, second),
                new ShippingProperties.AuthorizationClientProperties(nowhere, second),
                new ShippingProperties.CarrierClientProperties(nowhere, second, second),
                new ShippingProperties.WorkflowClientProperties(second),
                new ShippingProperties.CircuitBreakerProperties(4, 2, 50, Duration.ofMillis(300)),
                new ShippingProperties.ShippingRetryProperties(second, second, 4),
                new ShippingProperties.ShipmentSchedulerProperties(second, second, second, second));
    }
}
