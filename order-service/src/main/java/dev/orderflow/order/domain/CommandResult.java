package dev.orderflow.order.domain;

/// The result of an [OrderCommand] in some [OrderState].
public sealed interface CommandResult {

    /// The command is granted: the order moves to the given state.
    record CommandGranted(OrderState to) implements CommandResult {}

    /// The command was granted before; the order stays as it is.
    record CommandAlreadyGranted() implements CommandResult {}

    /// It is too late for the command; the order stays as it is.
    record CommandRefused() implements CommandResult {}
}
