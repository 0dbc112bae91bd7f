package dev.orderflow.defaults.claimcheck;

/// The result of redeeming the claim check of a message.
public sealed interface ClaimCheckResult {

    /// The message with its complete detail, or unchanged if it has no claim check.
    record CompleteMessage(String body) implements ClaimCheckResult {}

    /// The detail could not be read.
    sealed interface Unredeemed extends ClaimCheckResult {}

    /// S3 is unavailable; the message itself may be valid.
    record StorageUnavailable(String reason) implements Unredeemed {}

    /// The detail can never be read.
    ///
    /// @param reason for the operator; quotes nothing of the message
    record Unredeemable(String reason) implements Unredeemed {}
}
