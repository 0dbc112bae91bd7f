package dev.orderflow.payment.domain;

import dev.orderflow.contracts.value.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The status of a payment intent at the gateway.
public sealed interface IntentStatus {

    /// Not confirmed yet.
    record IntentUnconfirmed() implements IntentStatus {}

    /// The amount is authorised.
    ///
    /// @param until when the authorisation expires; null when it does not expire
    record IntentAuthorized(@Nullable Instant until) implements IntentStatus {

        public IntentAuthorized() {
            this(null);
        }
    }

    /// The amount is captured.
    ///
    /// @param refunded the sum of all refunds, wherever they were requested; null when there is
    ///     none
    record IntentCaptured(Money captured, @Nullable Money refunded) implements IntentStatus {}

    /// Nothing is authorised, and the intent can no longer be confirmed.
    record IntentCancelled() implements IntentStatus {}

    /// The intent was confirmed and the payment method was declined.
    ///
    /// @param code the gateway's decline code
    record IntentDeclined(String code) implements IntentStatus {}

    /// The gateway is still processing the intent.
    record IntentProcessing() implements IntentStatus {}
}
