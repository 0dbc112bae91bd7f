package dev.orderflow.outboxpeers;

import dev.orderflow.outbox.testkit.KitTarget.KitResult;
import dev.orderflow.outbox.testkit.KitTarget.KitTargetException;
import java.util.List;

/// Where the outboxes publish.
interface PeerSink {

    /// The most events of a call.
    int MAX_EVENTS = 10;

    /// The most calls at a time.
    int MAX_CALLS = 32;

    /// Publishes events.
    ///
    /// @return a result for each
    /// @throws KitTargetException when the call failed
    List<KitResult> publish(List<PeerEvent> events);

    /// Publishes one event, for outboxes that know success and exceptions only.
    ///
    /// @throws RejectedEventException when it is rejected for its content
    /// @throws KitTargetException when it failed otherwise
    default void publishOne(PeerEvent event) {
        switch (publish(List.of(event)).getFirst()) {
            case ACCEPTED -> {}
            case REJECTED -> throw new RejectedEventException();
            case FAILED -> throw new KitTargetException("the entry failed");
        }
    }

    /// The target rejects an event, now and always.
    final class RejectedEventException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RejectedEventException() {
            super("the event is rejected");
        }
    }
}
