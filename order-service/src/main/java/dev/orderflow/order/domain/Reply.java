package dev.orderflow.order.domain;

/// The answer to a wish.
public sealed interface Reply {

    /// The order moves to a state in which the wish holds.
    record Granted(State to) implements Reply {}

    /// The wish holds already.
    record GrantedBefore() implements Reply {}

    /// It is too late for it.
    record Refused() implements Reply {}
}
