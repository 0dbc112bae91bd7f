package dev.orderflow.order.catalogue;

import dev.orderflow.contracts.value.ChargeCurrency;
import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.Sku;
import dev.orderflow.contracts.value.TextLine;

/// An article that the shop sells.
///
/// @param name one line of at most [TextLine#MAX_ARTICLE_NAME_LENGTH] characters
/// @param unitPrice a price that the payment gateway can charge
public record Article(Sku sku, String name, Money unitPrice) {

    /// @throws IllegalArgumentException when the name or the price is invalid
    public Article {
        TextLine.require("name", name, TextLine.MAX_ARTICLE_NAME_LENGTH);
        ChargeCurrency.requirePrice(unitPrice);
    }
}
