package dev.orderflow.shipping.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.shipping.arrangement.OutageGate;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CarrierPollingGateTest {

    private static final String REQUESTS = "shipping-requests";

    private final Gate gate = new Gate();
    private final CarrierPollingGate polling = new CarrierPollingGate(gate, REQUESTS);

    @Test
    void whileTheCarrierAnswersAllAreReceived() {
        assertThat(polling.grant(REQUESTS, 10, 0)).isEqualTo(10);
        assertThat(polling.grant(REQUESTS, 10, 10)).isEqualTo(10);
    }

    @Test
    void whileTheCarrierIsAwayNoShipmentIsReceived() {
        gate.traffic = OutageGate.Traffic.BLOCKED;
        assertThat(polling.grant(REQUESTS, 10, 0)).isZero();
    }

    @Test
    void cancellationsAreReceivedAllTheSame() {
        gate.traffic = OutageGate.Traffic.BLOCKED;
        assertThat(polling.grant("shipping-cancellations", 10, 0)).isEqualTo(10);
    }

    @Test
    void theProbeIsOneShipmentAfterAllInHandAreFinished() {
        gate.traffic = OutageGate.Traffic.ONE_PROBE;
        assertThat(polling.grant(REQUESTS, 10, 3)).isZero();
        assertThat(polling.grant(REQUESTS, 10, 0)).isEqualTo(1);
    }

    private static final class Gate implements OutageGate {

        private Traffic traffic = Traffic.FREE;

        @Override
        public Optional<Passage> enter() {
            return Optional.empty();
        }

        @Override
        public Traffic traffic() {
            return traffic;
        }
    }
}
