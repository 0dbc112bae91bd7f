package dev.orderflow.inventory.stock;

import dev.orderflow.contracts.value.Sku;

/// The stock of an article.
///
/// @param onHand the quantity in the warehouse
/// @param reserved the part of it that is reserved for orders
public record StockLevel(Sku sku, long onHand, long reserved) {

    /// The quantity that can still be reserved.
    public long available() {
        return onHand - reserved;
    }
}
