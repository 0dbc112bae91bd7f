package dev.orderflow.contracts;

import dev.orderflow.contracts.value.Sku;

/// A quantity of one article.
///
/// @param sku the article, 1 to 40 upper-case letters, digits and dashes
/// @param quantity at least 1
public record EventLine(String sku, int quantity) {

    public EventLine {
        MessageValidation.requirePresent("sku", sku);
        var unused = new Sku(sku);
        if (quantity < 1) {
            throw new IllegalArgumentException("quantity must be at least 1 but was " + quantity);
        }
    }
}
