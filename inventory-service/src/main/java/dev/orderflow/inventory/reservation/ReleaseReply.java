package dev.orderflow.inventory.reservation;

/// What becomes of a wish to release.
public sealed interface ReleaseReply {

    /// Nothing is held, and nothing will be.
    ///
    /// @param stockReturned whether this very request gave stock back
    record Released(boolean stockReturned) implements ReleaseReply {}

    /// The goods have left.
    record TooLate() implements ReleaseReply {}

    /// The same key came before for another order.
    record OtherRequest() implements ReleaseReply {}
}
