package dev.orderflow.operations.deadletters;

/// What messages lead to, as the services that handle them tell.
interface EffectQueries {

    /// What is known of an effect.
    enum EffectState {
        /// It is there: the message, or another that asks for the same, was handled.
        DONE,
        /// It is not there yet.
        NOT_YET,
        /// Nothing can be asked that would tell, or no answer came.
        UNKNOWN
    }

    /// Whether what a message asks for has been done. Does not throw.
    EffectState of(ConsumerQueue consumer, RedactedContents contents);
}
