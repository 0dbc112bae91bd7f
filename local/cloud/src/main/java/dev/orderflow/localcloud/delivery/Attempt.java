package dev.orderflow.localcloud.delivery;

/// What came of one attempt to deliver.
public sealed interface Attempt {

    /// It is there.
    record Arrived() implements Attempt {}

    /// The place may take it later: unreachable, throttled, failing.
    ///
    /// @param code what went wrong, in the sender's vocabulary
    record Failed(String code, String message) implements Attempt {}

    /// The place will never take it: gone, forbidden, or the thing itself is wrong.
    ///
    /// @param code what went wrong, in the sender's vocabulary
    record Refused(String code, String message) implements Attempt {}
}
