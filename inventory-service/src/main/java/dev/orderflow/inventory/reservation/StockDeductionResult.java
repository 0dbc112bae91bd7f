package dev.orderflow.inventory.reservation;

/// The result of the deduction of a shipped order's stock.
public sealed interface StockDeductionResult {

    /// The stock was deducted.
    record StockDeducted() implements StockDeductionResult {}

    /// The stock was deducted before.
    record AlreadyDeducted() implements StockDeductionResult {}

    /// The shipment contradicts the reservation. An operator must check.
    record DeductionOutOfOrder(String reason) implements StockDeductionResult {}
}
