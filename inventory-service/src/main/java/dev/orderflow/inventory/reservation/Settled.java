package dev.orderflow.inventory.reservation;

/// What becomes of the news that an order has shipped.
public sealed interface Settled {

    /// Its stock has left the books.
    record Done() implements Settled {}

    /// It had left before.
    record Known() implements Settled {}

    /// It cannot be; a person must look.
    record OutOfTurn(String why) implements Settled {}
}
