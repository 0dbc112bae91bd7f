package dev.orderflow.defaults.claimcheck;

/// What became of a message that may travel by claim check.
public sealed interface ClaimCheckResult {

    /// The message with its whole detail; one that travels without claim check, as it is.
    record CompleteMessage(String body) implements ClaimCheckResult {}

    /// The detail is not there.
    sealed interface Unredeemed extends ClaimCheckResult {}

    /// S3 cannot be asked now; nothing is wrong with the message.
    record StorageUnavailable(String reason) implements Unredeemed {}

    /// What it stands for will never be had.
    ///
    /// @param why for a person; quotes nothing of the message
    record Unredeemable(String reason) implements Unredeemed {}
}
