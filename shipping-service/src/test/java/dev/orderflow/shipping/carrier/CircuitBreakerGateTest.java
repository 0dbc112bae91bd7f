package dev.orderflow.shipping.carrier;

import static dev.orderflow.shipping.arrangement.OutageGate.Traffic.BLOCKED;
import static dev.orderflow.shipping.arrangement.OutageGate.Traffic.FREE;
import static dev.orderflow.shipping.arrangement.OutageGate.Traffic.ONE_PROBE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.shipping.arrangement.OutageGate.Passage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerGateTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CircuitBreakerGate gate = new CircuitBreakerGate(properties(), meters);

    @Test
    void aCarrierThatAnswersIsAskedFreely() {
        for (int i = 0; i < 20; i++) {
            passage().carrierAnswered();
        }
        assertThat(gate.traffic()).isEqualTo(FREE);
    }

    @Test
    void aCarrierThatIsSilentIsLeftAloneAndTheMeterSaysSo() {
        assertThat(open()).isZero();
        breakDown();
        assertThat(gate.traffic()).isEqualTo(BLOCKED);
        assertThat(gate.enter()).isEmpty();
        assertThat(open()).isOne();
    }

    @Test
    void afterAWhileOneProbeGoesThroughAndItsFateDecides() {
        breakDown();
        await().until(() -> gate.traffic() == ONE_PROBE);
        var probe = passage();
        assertThat(gate.enter()).isEmpty();
        assertThat(open()).as("the others are still held back").isOne();
        probe.carrierSilent();
        assertThat(gate.traffic()).isEqualTo(BLOCKED);

        await().until(() -> gate.traffic() == ONE_PROBE);
        passage().carrierAnswered();
        assertThat(gate.traffic()).isEqualTo(FREE);
        assertThat(open()).isZero();
    }

    @Test
    void aPassageThatWasNotUsedIsNoProbe() {
        breakDown();
        await().until(() -> gate.traffic() == ONE_PROBE);
        passage().close();
        assertThat(gate.traffic()).isEqualTo(ONE_PROBE);
        passage().carrierAnswered();
        assertThat(gate.traffic()).isEqualTo(FREE);
    }

    @Test
    void aPassageCountsOnce() {
        var passage = passage();
        passage.carrierAnswered();
        passage.carrierSilent();
        passage.carrierSilent();
        passage.close();
        assertThat(gate.traffic()).isEqualTo(FREE);
    }

    private void breakDown() {
        passage().carrierSilent();
        passage().carrierSilent();
    }

    private Passage passage() {
        return gate.enter().orElseThrow();
    }

    private double open() {
        return meters.get("shipping.gate.open").gauge().value();
    }

    private static ShippingProperties properties() {
        var second = Duration.ofSeconds(1);
        var nowhere = URI.create("http://127.0.0.1:1");
        return new ShippingProperties(
                "requests",
                "cancellations",
                new ShippingProperties.OrderService(nowhere, second),
                new ShippingProperties.PaymentService(nowhere, second),
                new ShippingProperties.CarrierApi(nowhere, second, second),
                new ShippingProperties.Workflow(second),
                new ShippingProperties.Gate(4, 2, 50, Duration.ofMillis(300)),
                new ShippingProperties.ComeBack(second, second, 4),
                new ShippingProperties.Upkeep(second, second, second, second));
    }
}
