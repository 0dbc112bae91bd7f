package dev.orderflow.defaults.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.delivery.PollingGate;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandler.ReleaseReason;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

class GatedBackPressureHandlerTest {

    private int first = 10;
    private int second = 10;
    private final PollingGate firstGate = gate((wanted, _) -> Math.min(wanted, first));
    private final PollingGate secondGate = gate((wanted, _) -> Math.min(wanted, second));
    private final GatedBackPressureHandler polling =
            new GatedBackPressureHandler("orders", List.of(firstGate, secondGate));

    @Test
    void aPollIsLimitedByEveryGate() {
        second = 1;
        assertThat(polling.request(10)).isEqualTo(1);
        polling.release(1, ReleaseReason.NONE_FETCHED);
        first = 0;
        assertThat(polling.request(10)).isZero();
    }

    @Test
    void anEmptyQueueIsPolledByOneRequestAtATime() {
        assertThat(polling.request(10)).isEqualTo(10);
        assertThat(polling.request(10)).isZero();
        polling.release(10, ReleaseReason.NONE_FETCHED);
        assertThat(polling.request(10)).isEqualTo(10);
        assertThat(polling.request(10)).isZero();
    }

    @Test
    void aNonEmptyQueueIsPolledConcurrently() {
        polling.request(10);
        polling.release(0, ReleaseReason.PARTIAL_FETCH);
        assertThat(polling.request(10)).isEqualTo(10);
        assertThat(polling.request(10)).isEqualTo(10);
        polling.release(10, ReleaseReason.NONE_FETCHED);
        assertThat(polling.request(10)).isZero();
    }

    @Test
    void gatesReceiveTheNumberOfMessagesInProgress() {
        var counted = new int[1];
        var watched =
                new GatedBackPressureHandler(
                        "orders",
                        List.of(
                                gate(
                                        (wanted, inHand) -> {
                                            counted[0] = inHand;
                                            return wanted;
                                        })));
        watched.request(10);
        watched.release(7, ReleaseReason.PARTIAL_FETCH);
        watched.release(1, ReleaseReason.PROCESSED);
        watched.request(10);
        assertThat(counted[0]).isEqualTo(2);
    }

    private static PollingGate gate(IntBinaryOperator grant) {
        return new PollingGate() {

            @Override
            public int grant(String queue, int requested, int inFlight) {
                return grant.applyAsInt(requested, inFlight);
            }

            @Override
            public boolean isPaused(String queue) {
                return false;
            }
        };
    }
}
