package dev.orderflow.outbox.testkit;

import java.util.List;

/// Where an instance publishes. An outbox that publishes events one by one calls it with one.
public interface KitTarget {

    /// What the target did with an event.
    enum KitResult {
        /// It has it.
        ACCEPTED,
        /// It rejects the event for its content, now and always.
        REJECTED,
        /// It failed; the event has nothing to do with it.
        FAILED
    }

    /// Publishes events.
    ///
    /// @return a result for each, in the same sequence
    /// @throws KitTargetException when the call failed; the events may have been accepted
    List<KitResult> publish(List<KitMessage> messages);

    /// A call failed.
    final class KitTargetException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public KitTargetException(String message) {
            super(message);
        }
    }
}
