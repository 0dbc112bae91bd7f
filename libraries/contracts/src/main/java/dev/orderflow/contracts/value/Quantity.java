package dev.orderflow.contracts.value;

/// How many of one article: limits that services share.
public final class Quantity {

    /// The most of one article in one order.
    public static final int MAX_ORDERED = 1_000;

    /// The most lines in one order.
    public static final int MAX_LINES = 50;

    private Quantity() {}

    /// Checks what one line of an order asks for.
    ///
    /// @throws InvalidValueException unless it is 1 to [#MAX_ORDERED]
    public static int requireOrdered(int quantity) {
        return requireWithin(quantity, MAX_ORDERED);
    }

    /// Checks a quantity against the limit of a service.
    ///
    /// @throws InvalidValueException unless it is 1 to `most`
    public static int requireWithin(int quantity, int most) {
        if (quantity < 1 || quantity > most) {
            throw new InvalidValueException(
                    "quantity", "must be 1 to %d but was %d".formatted(most, quantity));
        }
        return quantity;
    }
}
