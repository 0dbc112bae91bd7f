package dev.orderflow.order.workflow;

import java.util.Optional;
import java.util.UUID;

/// Where workflows run.
interface Workflows {

    /// Starts the workflow of an order. Starting it again changes nothing.
    Start start(Fulfilment fulfilment);

    /// Whether an order's workflow exists.
    Existence find(UUID orderId);

    /// What is known of an order's workflow.
    sealed interface Existence {

        /// It was started and works.
        record Running() implements Existence {}

        /// It ended well.
        record Succeeded() implements Existence {}

        /// It ended badly.
        record Ended(EndedExecution.Status status) implements Existence {}

        /// It was never started, or ended so long ago that Step Functions has forgotten it.
        record Missing() implements Existence {}

        /// Nobody knows; to be asked again.
        record Unknown(String reason) implements Existence {}
    }

    /// The state an order's workflow entered last; empty when it never started or is forgotten.
    ///
    /// @throws RuntimeException when it cannot be asked now
    Optional<String> lastState(UUID orderId);

    /// What became of a start.
    sealed interface Start {

        /// It runs.
        record Started() implements Start {}

        /// It was started before, and may have ended since.
        record StartedBefore() implements Start {}

        /// It will never be started like this.
        record Refused(String reason) implements Start {}

        /// Nobody knows; to be tried again.
        record Unavailable(String reason) implements Start {}
    }
}
