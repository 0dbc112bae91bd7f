package dev.orderflow.inventory.domain;

/// The ways in which stock changes; each entry of the ledger is one of them.
public enum StockMovement {
    /// Goods came in.
    RECEIVED(1, 0),
    /// Goods are kept for an order.
    RESERVED(0, 1),
    /// The order does not need them any more.
    RELEASED(0, -1),
    /// The order ended and nobody said so in time.
    EXPIRED(0, -1),
    /// The goods left the house.
    SHIPPED(-1, -1);

    private final int onHand;
    private final int reserved;

    StockMovement(int onHand, int reserved) {
        this.onHand = onHand;
        this.reserved = reserved;
    }

    /// What one piece changes on hand: 1, 0 or -1.
    public int onHand() {
        return onHand;
    }

    /// What one piece changes of what is reserved: 1, 0 or -1.
    public int reserved() {
        return reserved;
    }
}
