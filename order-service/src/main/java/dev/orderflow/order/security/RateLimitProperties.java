package dev.orderflow.order.security;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The request rates that each instance allows; several instances behind a load balancer allow a
/// multiple.
///
/// @param reads for each caller; enough to poll an order every second
/// @param writes for each caller; a person never reaches it, a program that imports orders does
/// @param anonymous for each address, for requests without a valid token. It is coarse, since many
///     people may share an address; IPv6 addresses count by network
/// @param maxTrackedCallers how many callers and addresses are tracked, at least 1, about 200 bytes
///     each. An evicted caller starts with a full bucket
@ConfigurationProperties("orderflow.order.rate-limits")
record RateLimitProperties(
        @DefaultValue ReadLimit reads,
        @DefaultValue WriteLimit writes,
        @DefaultValue AnonymousLimit anonymous,
        @DefaultValue("50000") int maxTrackedCallers) {

    RateLimitProperties {
        if (maxTrackedCallers < 1) {
            throw new IllegalArgumentException(
                    "max-tracked-callers must be at least 1 but was " + maxTrackedCallers);
        }
    }

    /// A token bucket: the requests allowed at once, and the requests per second that refill it.
    interface TokenBucketLimit {

        int burst();

        int perSecond();

        /// The time after which an idle bucket is full again.
        default Duration refillTime() {
            return Duration.ofSeconds(1 + burst() / perSecond());
        }

        private static void check(int burst, int perSecond) {
            if (burst < 1 || perSecond < 1) {
                throw new IllegalArgumentException(
                        "burst and per-second must be at least 1 but were %d and %d"
                                .formatted(burst, perSecond));
            }
        }
    }

    record ReadLimit(@DefaultValue("200") int burst, @DefaultValue("50") int perSecond)
            implements TokenBucketLimit {
        ReadLimit {
            TokenBucketLimit.check(burst, perSecond);
        }
    }

    record WriteLimit(@DefaultValue("50") int burst, @DefaultValue("10") int perSecond)
            implements TokenBucketLimit {
        WriteLimit {
            TokenBucketLimit.check(burst, perSecond);
        }
    }

    record AnonymousLimit(@DefaultValue("200") int burst, @DefaultValue("50") int perSecond)
            implements TokenBucketLimit {
        AnonymousLimit {
            TokenBucketLimit.check(burst, perSecond);
        }
    }
}
