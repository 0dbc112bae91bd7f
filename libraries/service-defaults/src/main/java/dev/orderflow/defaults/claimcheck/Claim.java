package dev.orderflow.defaults.claimcheck;

/// What became of a message that may travel by claim check.
public sealed interface Claim {

    /// The message with its whole detail; one that travels without claim check, as it is.
    record Whole(String body) implements Claim {}

    /// The detail is not there.
    sealed interface Unredeemed extends Claim {}

    /// S3 cannot be asked now; nothing is wrong with the message.
    record NotNow(String why) implements Unredeemed {}

    /// What it stands for will never be had.
    ///
    /// @param why for a person; quotes nothing of the message
    record Lost(String why) implements Unredeemed {}
}
