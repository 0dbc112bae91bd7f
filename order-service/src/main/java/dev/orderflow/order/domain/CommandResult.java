package dev.orderflow.order.domain;

/// The answer to a wish.
public sealed interface CommandResult {

    /// The order moves to a state in which the wish holds.
    record Granted(OrderState to) implements CommandResult {}

    /// The wish holds already.
    record AlreadyGranted() implements CommandResult {}

    /// It is too late for it.
    record Refused() implements CommandResult {}
}
