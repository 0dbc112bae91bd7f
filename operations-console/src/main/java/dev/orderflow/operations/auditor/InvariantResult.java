package dev.orderflow.operations.auditor;

/// The result of checking an invariant.
sealed interface InvariantResult {

    /// The invariant does not apply to this order or article.
    record NotApplicable() implements InvariantResult {}

    record Satisfied() implements InvariantResult {}

    /// @param detail what the services recorded instead; ids and amounts, never personal data
    record Violated(String detail) implements InvariantResult {}

    static InvariantResult of(boolean holds, String detail) {
        return holds ? new Satisfied() : new Violated(detail);
    }
}
