package dev.orderflow.notification.channel;

/// How far telling some news came.
public sealed interface Told {

    /// Nothing is left to do here; what is unknown is in the log.
    record Settled() implements Told {}

    /// It is not possible now; it is worth trying again.
    record Later(String why) implements Told {}

    /// Something that all news need does not answer.
    ///
    /// @param dependency what it is, by its name
    record Unavailable(String dependency, String why) implements Told {}

    /// Trying again does not help; a person must look.
    ///
    /// @param why in words, the same for all that are alike
    record Stuck(String why) implements Told {}

    /// The worse of two.
    default Told and(Told other) {
        return switch (this) {
            case Stuck _ -> this;
            case Unavailable _ -> other instanceof Stuck ? other : this;
            case Later _ -> other instanceof Settled ? this : other;
            case Settled _ -> other;
        };
    }
}
