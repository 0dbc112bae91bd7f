package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an intent stands, in the gateway's own words.
public sealed interface Standing {

    /// Nobody has confirmed it.
    record Unconfirmed() implements Standing {}

    /// The money is held.
    ///
    /// @param until when the hold ends, none when it has no end
    record Held(@Nullable Instant until) implements Standing {

        public Held() {
            this(null);
        }
    }

    /// The money is taken.
    ///
    /// @param refunded what of it was given back, if anything, whoever asked for it
    record Taken(Money captured, @Nullable Money refunded) implements Standing {}

    /// Nothing is held, and it cannot be confirmed any more.
    record Cancelled() implements Standing {}

    /// It was confirmed, and refused.
    record TurnedDown(String code) implements Standing {}

    /// The gateway itself does not know yet.
    record Pending() implements Standing {}
}
