package dev.orderflow.inventory.stock;

import dev.orderflow.contracts.value.Sku;

/// How much there is of an article.
///
/// @param onHand in the house
/// @param reserved of those, how many are kept for orders
public record StockLevel(Sku sku, long onHand, long reserved) {

    /// What may still be promised.
    public long available() {
        return onHand - reserved;
    }
}
