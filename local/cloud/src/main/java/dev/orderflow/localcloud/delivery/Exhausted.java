package dev.orderflow.localcloud.delivery;

/// Why a parcel was given up.
///
/// @param code of the last attempt
/// @param message of the last attempt
/// @param retries attempts made after the first
/// @param cause which end of the patience it was
public record Exhausted(String code, String message, int retries, ExhaustionReason cause) {

    /// Why there was no further attempt.
    public enum ExhaustionReason {
        /// The place refused it for good.
        REFUSED,
        /// All retries were used.
        RETRIES_USED,
        /// It had become too old.
        TOO_OLD,
        /// The cloud was closing.
        CLOSING
    }
}
