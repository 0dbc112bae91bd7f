package dev.orderflow.order.domain;

/// What a report means for an order.
public sealed interface Verdict {

    /// The order moves on.
    record Move(State to) implements Verdict {}

    /// The order is there already.
    record Known() implements Verdict {}

    /// True but overtaken: the order is further on. Worth a line in the timeline, no more.
    record Late() implements Verdict {}

    /// It contradicts what is known, so a person must look. The order stays as it is.
    ///
    /// @param reason what contradicts what
    record OutOfTurn(String reason) implements Verdict {}
}
