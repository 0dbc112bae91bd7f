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
final class Budgets {

    private static final int NETWORK_OF_IPV6 = 8;

    private final Kind reads;
    private final Kind writes;
    private final Kind strangers;

    Budgets(RateProperties rates, TimeMeter clock) {
        this.reads = new Kind(rates.reads(), rates.remembered(), clock);
        this.writes = new Kind(rates.writes(), rates.remembered(), clock);
        this.strangers = new Kind(rates.strangers(), rates.remembered(), clock);
    }

    /// Takes one read of a caller's.
    ///
    /// @return how long until there is one; zero when it was taken
    Duration read(CustomerRef caller) {
        return reads.take(caller.value());
    }

    /// Takes one write of a caller's.
    ///
    /// @return how long until there is one; zero when it was taken
    Duration write(CustomerRef caller) {
        return writes.take(caller.value());
    }

    /// Takes one request of an address.
    ///
    /// @return how long until there is one; zero when it was taken
    Duration stranger(String address) {
        return strangers.take(network(address));
    }

    /// One line of IPv6 has more addresses than could ever be kept in mind.
    private static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        try {
            return InetAddress.getByName(address) instanceof Inet6Address six
                    ? HexFormat.of().formatHex(Arrays.copyOf(six.getAddress(), NETWORK_OF_IPV6))
                    : address;
        } catch (UnknownHostException none) {
            return address;
        }
    }

    private static final class Kind {

        private final RateProperties.Rate rate;
        private final TimeMeter clock;
        private final Cache<String, Bucket> buckets;

        Kind(RateProperties.Rate rate, int remembered, TimeMeter clock) {
            this.rate = rate;
            this.clock = clock;
            this.buckets =
                    Caffeine.newBuilder()
                            .maximumSize(remembered)
                            .expireAfterAccess(rate.memory())
                            .build();
        }

        Duration take(String caller) {
            var probe = buckets.get(caller, _ -> full()).tryConsumeAndReturnRemaining(1);
            return probe.isConsumed()
                    ? Duration.ZERO
                    : Duration.ofNanos(probe.getNanosToWaitForRefill());
        }

        private Bucket full() {
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
