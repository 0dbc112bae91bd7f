package dev.orderflow.inventory.domain;

import dev.orderflow.contracts.value.Sku;

/// An article of which too little is available for an order.
///
/// @param available the available quantity, less than the requested one
public record Shortage(Sku sku, long requested, long available) {

    public Shortage {
        if (available < 0 || available >= requested) {
            throw new IllegalArgumentException(
                    "available must be 0 to below " + requested + " but was " + available);
        }
    }
}
