package dev.orderflow.operations.auditor;

/// Whether an invariant holds.
sealed interface Verdict {

    /// It says nothing about such a thing.
    record NotConcerned() implements Verdict {}

    record Holds() implements Verdict {}

    /// @param detail what was found instead; ids and amounts, never personal data
    record Broken(String detail) implements Verdict {}

    static Verdict of(boolean holds, String otherwise) {
        return holds ? new Holds() : new Broken(otherwise);
    }
}
