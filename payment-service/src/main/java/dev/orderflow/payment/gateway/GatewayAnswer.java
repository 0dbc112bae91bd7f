package dev.orderflow.payment.gateway;

import dev.orderflow.payment.domain.IntentId;
import dev.orderflow.payment.domain.Standing;

/// What came of a call to the gateway.
public sealed interface GatewayAnswer {

    /// The gateway says how the intent stands.
    record Reported(IntentId intent, Standing standing) implements GatewayAnswer {}

    /// The gateway refuses the means of payment. Nothing is charged.
    record Declined(String code) implements GatewayAnswer {}

    /// The gateway will not do it to this intent as it stands. Nothing was done by this call.
    record Refused(String code) implements GatewayAnswer {}

    /// The gateway was not reached, or turned us away at the door. Nothing was done by this call.
    record NotReached(String why) implements GatewayAnswer {}

    /// Nobody knows whether it was done.
    ///
    /// @param keySpent whether the gateway answered with a failure that it will repeat under the
    ///     same key
    record NoAnswer(String why, boolean keySpent) implements GatewayAnswer {}
}
