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

/// Token buckets for each caller and each network address.
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

    /// Consumes one read of a caller.
    ///
    /// @return zero if the read is allowed, otherwise the time until the next one is
    Duration consumeRead(CustomerRef caller) {
        return reads.consume(caller.value());
    }

    /// Consumes one write of a caller.
    ///
    /// @return zero if the write is allowed, otherwise the time until the next one is
    Duration consumeWrite(CustomerRef caller) {
        return writes.consume(caller.value());
    }

    /// Consumes one anonymous request of an address.
    ///
    /// @return zero if the request is allowed, otherwise the time until the next one is
    Duration consumeAnonymous(String address) {
        return anonymous.consume(network(address));
    }

    /// An IPv6 host has a whole /64 network of addresses, so the network counts as one caller.
    private static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        try {
            return InetAddress.getByName(address) instanceof Inet6Address six
                    ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), IPV6_NETWORK_BYTES))
                    : address;
        } catch (UnknownHostException _) {
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
