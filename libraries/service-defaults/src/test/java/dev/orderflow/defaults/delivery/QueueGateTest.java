package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QueueGateTest {

    private static final HandlingResult.DependencyUnavailable CAUSE =
            new HandlingResult.DependencyUnavailable("database", "SQLTransientConnectionException");

    private final QueueGate patient = new QueueGate("orders", Duration.ofHours(1));
    private final QueueGate eager = new QueueGate("orders", Duration.ZERO);

    @Test
    void anOpenGateLimitsNothing() {
        assertThat(patient.grant(10, 0)).isEqualTo(10);
        assertThat(patient.grant(10, 20)).isEqualTo(10);
    }

    @Test
    void aClosedGateGrantsNothingUntilAProbeIsDue() {
        patient.close(CAUSE);
        assertThat(patient.grant(10, 0)).isZero();
    }

    @Test
    void aGateIsClosedUntilAMessageIsHandledAndProbesDoNotOpenIt() {
        assertThat(eager.isClosed()).isFalse();
        eager.close(CAUSE);
        assertThat(eager.grant(10, 0)).isEqualTo(1);
        assertThat(eager.isClosed()).isTrue();
        eager.open();
        assertThat(eager.isClosed()).isFalse();
    }

    @Test
    void aProbeIsOneMessageAtATime() {
        eager.close(CAUSE);
        assertThat(eager.grant(10, 0)).isEqualTo(1);
        assertThat(eager.grant(10, 1)).isZero();
    }

    @Test
    void aMessageThatIsStillHandledCountsAsTheProbe() {
        eager.close(CAUSE);
        assertThat(eager.grant(10, 3)).isZero();
    }

    @Test
    void waitingMessagesDoNotPreventTheNextProbe() {
        eager.close(CAUSE);
        eager.addWaiting(3);
        assertThat(eager.grant(10, 3)).isEqualTo(1);
        eager.removeWaiting(3);
        assertThat(eager.grant(10, 1)).isZero();
    }

    @Test
    void theFirstHandledMessageOpensTheGateAndWakesWaitingMessages() {
        patient.close(CAUSE);
        long openings = patient.openCount();
        var waiting =
                CompletableFuture.supplyAsync(() -> patient.await(Duration.ofHours(1), openings));
        patient.open();
        assertThat(waiting.join()).isTrue();
        assertThat(patient.grant(10, 0)).isEqualTo(10);
        assertThat(patient.openCount()).isEqualTo(openings + 1);
    }

    @Test
    void aShutdownWakesWaitingMessages() {
        patient.close(CAUSE);
        var waiting = CompletableFuture.supplyAsync(() -> patient.await(Duration.ofHours(1), 0));
        patient.stop();
        assertThat(waiting.join()).isFalse();
        assertThat(patient.await(Duration.ofHours(1), 0)).isFalse();
        assertThat(patient.grant(10, 0)).isZero();
    }
}
