package dev.orderflow.contracts;

/// So many of one article.
///
/// @param sku the article, 1 to 40 upper-case letters, digits and dashes
/// @param quantity at least 1
public record Line(String sku, int quantity) {

    public Line {
        Checks.present("sku", sku);
        if (!sku.matches("[A-Z0-9][A-Z0-9-]{0,39}")) {
            throw new IllegalArgumentException(
                    "sku must be 1 to 40 upper-case letters, digits or dashes");
        }
        if (quantity < 1) {
            throw new IllegalArgumentException("quantity must be at least 1 but was " + quantity);
        }
    }
}
