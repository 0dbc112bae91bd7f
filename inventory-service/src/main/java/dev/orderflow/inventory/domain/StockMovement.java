package dev.orderflow.inventory.domain;

/// The kinds of stock changes. Each entry of the stock ledger has one.
public enum StockMovement {
    /// Goods were received.
    RECEIVED(1, 0),
    /// Stock was reserved for an order.
    RESERVED(0, 1),
    /// The reservation was released.
    RELEASED(0, -1),
    /// The reservation expired, because its order had ended without a release.
    EXPIRED(0, -1),
    /// The order shipped.
    SHIPPED(-1, -1);

    private final int onHand;
    private final int reserved;

    StockMovement(int onHand, int reserved) {
        this.onHand = onHand;
        this.reserved = reserved;
    }

    /// The change of the quantity on hand per item: 1, 0 or -1.
    public int onHand() {
        return onHand;
    }

    /// The change of the reserved quantity per item: 1, 0 or -1.
    public int reserved() {
        return reserved;
    }
}
