package dev.orderflow.shipping.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.shipping.arrangement.OutageGate;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandler.ReleaseReason;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatedPollingTest {

    private final Gate gate = new Gate();
    private final GatedPolling polling = new GatedPolling(gate);

    @Test
    void aFreeGateLetsAllThrough() {
        assertThat(polling.request(10)).isEqualTo(10);
        assertThat(polling.request(10)).isEqualTo(10);
    }

    @Test
    void aBlockedGateLetsNothingBeReceived() {
        gate.traffic = OutageGate.Traffic.BLOCKED;
        assertThat(polling.request(10)).isZero();
    }

    @Test
    void aGateThatProbesLetsOneThroughAtATime() {
        gate.traffic = OutageGate.Traffic.ONE_PROBE;
        assertThat(polling.request(10)).isEqualTo(1);
        assertThat(polling.request(10)).isZero();
        polling.release(1, ReleaseReason.NONE_FETCHED);
        assertThat(polling.request(10)).isEqualTo(1);
        polling.release(1, ReleaseReason.PROCESSED);
        assertThat(polling.request(10)).isEqualTo(1);
    }

    @Test
    void whatWasReceivedBeforeTheOutageComesHomeBeforeTheProbe() {
        polling.request(3);
        gate.traffic = OutageGate.Traffic.ONE_PROBE;
        assertThat(polling.request(10)).isZero();
        polling.release(2, ReleaseReason.PROCESSED);
        assertThat(polling.request(10)).isZero();
        polling.release(1, ReleaseReason.PROCESSED);
        assertThat(polling.request(10)).isEqualTo(1);
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
