package dev.orderflow.operations.auditor;

/// Whether an invariant holds.
sealed interface InvariantResult {

    /// It says nothing about such a thing.
    record NotApplicable() implements InvariantResult {}

    record Satisfied() implements InvariantResult {}

    /// @param detail what was found instead; ids and amounts, never personal data
    record Violated(String detail) implements InvariantResult {}

    static InvariantResult of(boolean holds, String otherwise) {
        return holds ? new Satisfied() : new Violated(otherwise);
    }
}
