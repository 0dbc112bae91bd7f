package dev.orderflow.inventory.reservation;

/// What becomes of a wish to release.
public sealed interface ReleaseResult {

    /// Nothing is held, and nothing will be.
    ///
    /// @param stockReturned whether this very request gave stock back
    record StockReleased(boolean stockReturned) implements ReleaseResult {}

    /// The goods have left.
    record AlreadyFulfilled() implements ReleaseResult {}

    /// The same key came before for another order.
    record KeyOfOtherOrder() implements ReleaseResult {}
}
