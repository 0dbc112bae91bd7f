package dev.orderflow.order.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.security.RateProperties.Reads;
import dev.orderflow.order.security.RateProperties.Strangers;
import dev.orderflow.order.security.RateProperties.Writes;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetsTest {

    private static final CustomerRef ADA = new CustomerRef("ada");
    private static final CustomerRef EVE = new CustomerRef("eve");

    private final Time time = new Time();
    private final Budgets budgets =
            new Budgets(
                    new RateProperties(
                            new Reads(5, 2), new Writes(2, 1), new Strangers(3, 1), 1000),
                    time);

    @Test
    void theBudgetIsThereAtOnceAndOneMoreIsTooMany() {
        for (int i = 0; i < 5; i++) {
            assertThat(budgets.read(ADA)).isZero();
        }
        assertThat(budgets.read(ADA)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void itComesBackWithTime() {
        budgets.write(ADA);
        budgets.write(ADA);
        assertThat(budgets.write(ADA)).isEqualTo(Duration.ofSeconds(1));
        time.pass(Duration.ofMillis(999));
        assertThat(budgets.write(ADA)).isPositive();
        time.pass(Duration.ofMillis(1));
        assertThat(budgets.write(ADA)).isZero();
        assertThat(budgets.write(ADA)).isPositive();
    }

    @Test
    void neverMoreOfItThanThereWas() {
        time.pass(Duration.ofDays(1));
        budgets.write(ADA);
        time.pass(Duration.ofDays(1));
        assertThat(budgets.write(ADA)).isZero();
        assertThat(budgets.write(ADA)).isZero();
        assertThat(budgets.write(ADA)).isPositive();
    }

    @Test
    void readsWritesAndCallersHaveBudgetsOfTheirOwn() {
        budgets.write(ADA);
        budgets.write(ADA);
        assertThat(budgets.write(ADA)).isPositive();
        assertThat(budgets.read(ADA)).isZero();
        assertThat(budgets.write(EVE)).isZero();
    }

    @Test
    void ofIpv6TheNetworkCountsAndOfIpv4TheAddress() {
        assertThat(budgets.stranger("2001:db8:1:2::1")).isZero();
        assertThat(budgets.stranger("2001:db8:1:2:ffff::2")).isZero();
        assertThat(budgets.stranger("2001:db8:1:2:3:4:5:6")).isZero();
        assertThat(budgets.stranger("2001:db8:1:2:abcd::")).isPositive();
        assertThat(budgets.stranger("2001:db8:1:3::1")).isZero();
        assertThat(budgets.stranger("192.0.2.1")).isZero();
        assertThat(budgets.stranger("192.0.2.2")).isZero();
    }

    @Test
    void aRateThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new Writes(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reads(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /// Time that passes when it is told to.
    private static final class Time implements TimeMeter {

        private long nanos;

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
