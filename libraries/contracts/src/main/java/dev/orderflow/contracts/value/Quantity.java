package dev.orderflow.contracts.value;

/// Limits of quantities that services share.
public final class Quantity {

    /// The maximum quantity of one article in an order.
    public static final int MAX_ORDERED = 1_000;

    /// The maximum number of lines in an order.
    public static final int MAX_LINES = 50;

    private Quantity() {}

    /// Checks the quantity of an order line.
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
