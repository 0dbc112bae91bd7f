package dev.orderflow.localcloud.delivery;

/// Why a delivery was given up.
///
/// @param code error code of the last attempt
/// @param message error message of the last attempt
/// @param retries number of attempts after the first
/// @param reason which limit ended the delivery
public record Exhausted(String code, String message, int retries, ExhaustionReason reason) {

    /// Why no further attempt was made.
    public enum ExhaustionReason {
        /// The destination refused it permanently.
        PERMANENT_FAILURE,
        /// All retries were used.
        RETRIES_USED,
        /// The delivery exceeded its maximum age.
        EXPIRED,
        /// The local cloud was closing.
        CLOSING
    }
}
