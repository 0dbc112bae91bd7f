package dev.orderflow.order.security;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much each caller may ask of one instance; of several behind a load balancer, as much of
/// each.
///
/// @param reads of one caller. Who looks at an order every second has plenty
/// @param writes of one caller: a person never comes near it, a program that imports orders does
/// @param strangers of one address, without a token or with one that is no good. Coarse, since many
///     people may be behind one address; IPv6 counts by network
/// @param remembered how many callers and addresses are kept in mind, about 200 bytes each. Who is
///     forgotten starts anew
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

    /// So many at once, and so many a second for good.
    interface TokenBucketLimit {

        int burst();

        int perSecond();

        /// After this long of silence everything is forgiven.
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
