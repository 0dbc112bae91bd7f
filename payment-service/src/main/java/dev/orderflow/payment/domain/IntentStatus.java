package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an intent stands, in the gateway's own words.
public sealed interface IntentStatus {

    /// Nobody has confirmed it.
    record IntentUnconfirmed() implements IntentStatus {}

    /// The money is held.
    ///
    /// @param until when the hold ends, none when it has no end
    record IntentAuthorized(@Nullable Instant until) implements IntentStatus {

        public IntentAuthorized() {
            this(null);
        }
    }

    /// The money is taken.
    ///
    /// @param refunded what of it was given back, if anything, whoever asked for it
    record IntentCaptured(Money captured, @Nullable Money refunded) implements IntentStatus {}

    /// Nothing is held, and it cannot be confirmed any more.
    record IntentCancelled() implements IntentStatus {}

    /// It was confirmed, and refused.
    record IntentDeclined(String code) implements IntentStatus {}

    /// The gateway itself does not know yet.
    record IntentProcessing() implements IntentStatus {}
}
