package dev.orderflow.inventory.reservation;

/// What becomes of the news that an order has shipped.
public sealed interface SettlementResult {

    /// Its stock has left the books.
    record StockDeducted() implements SettlementResult {}

    /// It had left before.
    record AlreadyDeducted() implements SettlementResult {}

    /// It cannot be; a person must look.
    record SettlementOutOfOrder(String reason) implements SettlementResult {}
}
