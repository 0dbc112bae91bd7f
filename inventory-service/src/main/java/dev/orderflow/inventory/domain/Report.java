package dev.orderflow.inventory.domain;

/// What inventory hears about an order.
public sealed interface Report {

    /// The workflow wants these lines held.
    record Wanted(Lines lines) implements Report {}

    /// The workflow wants nothing held, whether or not anything is.
    record LetGo() implements Report {}

    /// The order has shipped.
    record Shipped(Lines lines) implements Report {}

    /// The order is over without having shipped, and its time is up.
    record Overdue() implements Report {}
}
