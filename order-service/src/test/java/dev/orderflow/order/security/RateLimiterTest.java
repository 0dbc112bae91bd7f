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
    private final RateLimiter limiter =
            new RateLimiter(
                    new RateLimitProperties(
                            new ReadLimit(5, 2),
                            new WriteLimit(2, 1),
                            new AnonymousLimit(3, 1),
                            1000),
                    time);

    @Test
    void aFullBucketAllowsItsCapacityAtOnce() {
        for (int i = 0; i < 5; i++) {
            assertThat(limiter.consumeRead(ADA)).isZero();
        }
        assertThat(limiter.consumeRead(ADA)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void theBucketRefillsWithTime() {
        limiter.consumeWrite(ADA);
        limiter.consumeWrite(ADA);
        assertThat(limiter.consumeWrite(ADA)).isEqualTo(Duration.ofSeconds(1));
        time.pass(Duration.ofMillis(999));
        assertThat(limiter.consumeWrite(ADA)).isPositive();
        time.pass(Duration.ofMillis(1));
        assertThat(limiter.consumeWrite(ADA)).isZero();
        assertThat(limiter.consumeWrite(ADA)).isPositive();
    }

    @Test
    void theBucketNeverExceedsItsCapacity() {
        time.pass(Duration.ofDays(1));
        limiter.consumeWrite(ADA);
        time.pass(Duration.ofDays(1));
        assertThat(limiter.consumeWrite(ADA)).isZero();
        assertThat(limiter.consumeWrite(ADA)).isZero();
        assertThat(limiter.consumeWrite(ADA)).isPositive();
    }

    @Test
    void readsWritesAndCallersHaveSeparateBuckets() {
        limiter.consumeWrite(ADA);
        limiter.consumeWrite(ADA);
        assertThat(limiter.consumeWrite(ADA)).isPositive();
        assertThat(limiter.consumeRead(ADA)).isZero();
        assertThat(limiter.consumeWrite(EVE)).isZero();
    }

    @Test
    void ipv6CountsByNetworkAndIpv4ByAddress() {
        assertThat(limiter.consumeAnonymous("2001:db8:1:2::1")).isZero();
        assertThat(limiter.consumeAnonymous("2001:db8:1:2:ffff::2")).isZero();
        assertThat(limiter.consumeAnonymous("2001:db8:1:2:3:4:5:6")).isZero();
        assertThat(limiter.consumeAnonymous("2001:db8:1:2:abcd::")).isPositive();
        assertThat(limiter.consumeAnonymous("2001:db8:1:3::1")).isZero();
        assertThat(limiter.consumeAnonymous("192.0.2.1")).isZero();
        assertThat(limiter.consumeAnonymous("192.0.2.2")).isZero();
    }

    @Test
    void aRateBelowOneIsRefused() {
        assertThatThrownBy(() -> new WriteLimit(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReadLimit(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /// A time source that a test advances.
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
