package dev.orderflow.inventory.domain;

import dev.orderflow.contracts.value.Sku;

/// What an order could not get.
///
/// @param available what was left of it, less than was requested
public record Shortage(Sku sku, long requested, long available) {

    public Shortage {
        if (available < 0 || available >= requested) {
            throw new IllegalArgumentException(
                    "available must be 0 to below " + requested + " but was " + available);
        }
    }
}
