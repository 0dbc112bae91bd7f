package dev.orderflow.order.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.orderflow.contracts.value.CustomerRef;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/// What is left to each caller.
final class RateLimiter {

    private static final int IPV6_NETWORK_BYTES = 8;

    private final TokenBuckets reads;
    private final TokenBuckets writes;
    private final TokenBuckets anonymous;

    RateLimiter(RateLimitProperties rates, TimeMeter clock) {
        this.reads = new TokenBuckets(rates.reads(), rates.maxTrackedCallers(), clock);
        this.writes = new TokenBuckets(rates.writes(), rates.maxTrackedCallers(), clock);
        this.anonymous = new TokenBuckets(rates.anonymous(), rates.maxTrackedCallers(), clock);
    }

    /// Takes one read of a caller's.
    ///
    /// @return how long until there is one; zero when it was taken
    Duration consumeRead(CustomerRef caller) {
        return reads.consume(caller.value());
    }

    /// Takes one write of a caller's.
    ///
    /// @return how long until there is one; zero when it was taken
    Duration consumeWrite(CustomerRef caller) {
        return writes.consume(caller.value());
    }

    /// Takes one request of an address.
    ///
    /// @return how long until there is one; zero when it was taken
    Duration consumeAnonymous(String address) {
        return anonymous.consume(network(address));
    }

    /// One line of IPv6 has more addresses than could ever be kept in mind.
    private static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        try {
            return InetAddress.getByName(address) instanceof Inet6Address six
                    ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), IPV6_NETWORK_BYTES))
                    : address;
        } catch (UnknownHostException none) {
            return address;
        }
    }

    private static final class TokenBuckets {

        private final RateLimitProperties.TokenBucketLimit rate;
        private final TimeMeter clock;
        private final Cache<String, Bucket> buckets;

        TokenBuckets(RateLimitProperties.TokenBucketLimit rate, int remembered, TimeMeter clock) {
            this.rate = rate;
            this.clock = clock;
            this.buckets =
                    Caffeine.newBuilder()
                            .maximumSize(remembered)
                            .expireAfterAccess(rate.refillTime())
                            .build();
        }

        Duration consume(String caller) {
            var probe =
                    buckets.get(caller, _ -> createFullBucket()).tryConsumeAndReturnRemaining(1);
            return probe.isConsumed()
                    ? Duration.ZERO
                    : Duration.ofNanos(probe.getNanosToWaitForRefill());
        }

        private Bucket createFullBucket() {
            return Bucket.builder()
                    .addLimit(
                            limit ->
                                    limit.capacity(rate.burst())
                                            .refillGreedy(rate.perSecond(), Duration.ofSeconds(1)))
                    .withCustomTimePrecision(clock)
                    .build();
        }
    }
}
