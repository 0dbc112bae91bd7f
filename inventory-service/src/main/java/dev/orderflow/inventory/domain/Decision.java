package dev.orderflow.inventory.domain;

/// What a report leads to.
public sealed interface Decision {

    /// Hold all lines if they are there, else none.
    record Hold(Lines lines) implements Decision {}

    /// Move the stock of all lines and give the reservation another status.
    record Move(Lines lines, Movement movement, Status status) implements Decision {}

    /// Only the status is new; no stock was held.
    record Mark(Status status) implements Decision {}

    /// Heard before: nothing changes, and the answer is the first one.
    record AsBefore() implements Decision {}

    /// The order was told to let go, or its time was up: a late reservation is refused for good.
    record Gone(Status status) implements Decision {}

    /// The same order came before with other lines.
    record OtherLines() implements Decision {}

    /// The goods have left; there is nothing to let go.
    record TooLate() implements Decision {}

    /// This cannot follow from what is known; a person must look.
    record OutOfTurn(String why) implements Decision {}
}
