package dev.orderflow.inventory.reservation;

/// The result of a settlement, the deduction of a shipped order's stock.
public sealed interface SettlementResult {

    /// The stock was deducted.
    record StockDeducted() implements SettlementResult {}

    /// The stock was deducted before.
    record AlreadyDeducted() implements SettlementResult {}

    /// The shipment contradicts the reservation. An operator must check.
    record SettlementOutOfOrder(String reason) implements SettlementResult {}
}
