package dev.orderflow.shipping.arrangement;

/// How far an attempt to settle a shipment came.
public sealed interface Attempt {

    /// The workflow has its answer, or nobody waits for one.
    record Settled() implements Attempt {}

    /// Something that is needed does not answer; it is worth trying again.
    ///
    /// @param why for the log
    record Later(String why) implements Attempt {}

    /// Trying again does not help; a person must look.
    ///
    /// @param why in words, the same for all that are alike
    record Stuck(String why) implements Attempt {}

    /// Nothing is left to do.
    Attempt SETTLED = new Settled();
}
