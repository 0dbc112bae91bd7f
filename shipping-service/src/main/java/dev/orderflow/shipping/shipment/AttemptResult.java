package dev.orderflow.shipping.shipment;

/// The result of one attempt to complete a shipment.
public sealed interface AttemptResult {

    /// The workflow has its answer or does not expect one.
    record AttemptCompleted() implements AttemptResult {}

    /// A dependency did not respond; the attempt should be repeated.
    ///
    /// @param reason for the log
    record AttemptDeferred(String reason) implements AttemptResult {}

    /// A repetition would fail in the same way; an operator must look.
    ///
    /// @param reason in the same words for every shipment, so that dead letters can be grouped by
    ///     it
    record AttemptRejected(String reason) implements AttemptResult {}

    AttemptResult COMPLETED = new AttemptCompleted();
}
