package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// A short run with the same seed in every build; `./orderflow crash-test` makes longer ones.
class CrashTest {

    private static final long SEED = 20_261_123;

    @Test
    void killedProcessesAndLostResponsesLoseNoOrderAndRepeatNoEffect() {
        var outcome = CrashRuns.crashTest(SEED, 60, 40, 4, 1);

        assertThat(outcome.violations())
                .as(
                        "%s; replay: ./orderflow crash-test --seed %d --orders 60 --faults 40"
                                + " --kills 4 --database-crashes 1 --single, after %s",
                        outcome.violations(), SEED, outcome.counts())
                .isEmpty();
        assertThat(outcome.orders()).isEqualTo(60);
        assertThat(outcome.states().get("SHIPPED")).as("orders that went well").isPositive();
        assertThat(outcome.counts().get("kills")).isPositive();
        assertThat(outcome.counts().get("crashes of the database server")).isEqualTo(1);
        assertThat(outcome.counts().get("faults")).isGreaterThan(10);
        assertThat(outcome.invariants()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(
                        outcome.invariants()
                                .get(
                                        "every fault that touched an order is in the order's case file"))
                .as("faults that touched an order")
                .isGreaterThan(3);
    }
}
