package dev.orderflow.order.domain;

/// What a report means for an order.
public sealed interface Transition {

    /// The order moves on.
    record Moved(OrderState to) implements Transition {}

    /// The order is there already.
    record Unchanged() implements Transition {}

    /// True but overtaken: the order is further on. Worth a line in the timeline, no more.
    record Late() implements Transition {}

    /// It contradicts what is known, so a person must look. The order stays as it is.
    ///
    /// @param reason what contradicts what
    record OutOfOrder(String reason) implements Transition {}
}
