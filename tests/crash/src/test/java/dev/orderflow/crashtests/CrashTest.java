package dev.orderflow.crashtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A short run with the same seed in every build; `./orderflow crash-test` makes longer ones.
///
/// One run for all tests, since a start of all processes takes a minute: first each service is
/// restarted without any fault, then processes are killed and calls broken.
class CrashTest {

    private static final long SEED = 20_261_123;

    private static CrashRuns.CrashRunOutcome outcome;

    @BeforeAll
    static void run() {
        outcome = CrashRuns.crashTest(SEED, 60, 40, 4, 1);

        assertThat(outcome.violations())
                .as(
                        "%s; replay: ./orderflow crash-test --seed %d --orders 60 --faults 40"
                                + " --kills 4 --database-crashes 1 --restarts --single, after %s",
                        outcome.violations(), SEED, outcome.counts())
                .isEmpty();
    }

    @Test
    void aGracefulStopBreaksNoCallAndRedrivesNothing() {
        assertThat(outcome.counts().get("orders during the restarts")).isGreaterThan(20);
        assertThat(outcome.invariants().keySet())
                .filteredOn(name -> name.endsWith("stops within the time-out after SIGTERM"))
                .as("each service that processes orders, once")
                .hasSize(6);
        assertThat(outcome.invariants())
                .hasEntrySatisfying(
                        "requests in flight got a response and nothing was redriven",
                        requests -> assertThat(requests).isGreaterThan(20))
                .hasEntrySatisfying(
                        "orders are shipped meanwhile",
                        shipped -> assertThat(shipped).isPositive());
    }

    @Test
    void killedProcessesAndLostResponsesLoseNoOrderAndRepeatNoEffect() {
        assertThat(outcome.orders() - outcome.counts().get("orders during the restarts"))
                .isEqualTo(60);
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
