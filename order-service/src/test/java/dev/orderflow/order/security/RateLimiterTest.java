package dev.orderflow.order.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.security.RateLimitProperties.AnonymousLimit;
import dev.orderflow.order.security.RateLimitProperties.ReadLimit;
import dev.orderflow.order.security.RateLimitProperties.WriteLimit;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private static final CustomerRef ADA = new CustomerRef("ada");
    private static final CustomerRef EVE = new CustomerRef("eve");

    private final ManualTimeMeter time = new ManualTimeMeter();
    private final RateLimiter budgets =
            new RateLimiter(
                    new RateLimitProperties(
                            new ReadLimit(5, 2),
                            new WriteLimit(2, 1),
                            new AnonymousLimit(3, 1),
                            1000),
                    time);

    @Test
    void theBudgetIsThereAtOnceAndOneMoreIsTooMany() {
        for (int i = 0; i < 5; i++) {
            assertThat(budgets.consumeRead(ADA)).isZero();
        }
        assertThat(budgets.consumeRead(ADA)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void itComesBackWithTime() {
        budgets.consumeWrite(ADA);
        budgets.consumeWrite(ADA);
        assertThat(budgets.consumeWrite(ADA)).isEqualTo(Duration.ofSeconds(1));
        time.pass(Duration.ofMillis(999));
        assertThat(budgets.consumeWrite(ADA)).isPositive();
        time.pass(Duration.ofMillis(1));
        assertThat(budgets.consumeWrite(ADA)).isZero();
        assertThat(budgets.consumeWrite(ADA)).isPositive();
    }

    @Test
    void neverMoreOfItThanThereWas() {
        time.pass(Duration.ofDays(1));
        budgets.consumeWrite(ADA);
        time.pass(Duration.ofDays(1));
        assertThat(budgets.consumeWrite(ADA)).isZero();
        assertThat(budgets.consumeWrite(ADA)).isZero();
        assertThat(budgets.consumeWrite(ADA)).isPositive();
    }

    @Test
    void readsWritesAndCallersHaveBudgetsOfTheirOwn() {
        budgets.consumeWrite(ADA);
        budgets.consumeWrite(ADA);
        assertThat(budgets.consumeWrite(ADA)).isPositive();
        assertThat(budgets.consumeRead(ADA)).isZero();
        assertThat(budgets.consumeWrite(EVE)).isZero();
    }

    @Test
    void ofIpv6TheNetworkCountsAndOfIpv4TheAddress() {
        assertThat(budgets.consumeAnonymous("2001:db8:1:2::1")).isZero();
        assertThat(budgets.consumeAnonymous("2001:db8:1:2:ffff::2")).isZero();
        assertThat(budgets.consumeAnonymous("2001:db8:1:2:3:4:5:6")).isZero();
        assertThat(budgets.consumeAnonymous("2001:db8:1:2:abcd::")).isPositive();
        assertThat(budgets.consumeAnonymous("2001:db8:1:3::1")).isZero();
        assertThat(budgets.consumeAnonymous("192.0.2.1")).isZero();
        assertThat(budgets.consumeAnonymous("192.0.2.2")).isZero();
    }

    @Test
    void aRateThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new WriteLimit(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReadLimit(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /// Time that passes when it is told to.
    private static final class ManualTimeMeter implements TimeMeter {

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
