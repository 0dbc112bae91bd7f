package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Replaces each service under load as a deployment does: SIGTERM, then a new process.
class DrainTest {

    @Test
    void aGracefulStopLosesNoOrderAndRepeatsNoEffect() {
        var outcome = CrashRuns.drain(20_261_124);

        assertThat(outcome.violations()).as("%s", outcome.violations()).isEmpty();
        assertThat(outcome.orders()).isGreaterThan(20);
        assertThat(outcome.states().get("SHIPPED")).as("orders that went well").isPositive();
        assertThat(outcome.counts().get("restarts")).as("each service once").isEqualTo(6);
        assertThat(outcome.counts().get("kills")).isZero();
    }
}
