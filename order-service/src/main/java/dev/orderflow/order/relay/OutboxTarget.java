package dev.orderflow.order.relay;

import java.util.List;

/// Where events go.
interface OutboxTarget {

    /// The name under which this service publishes.
    String SOURCE = "orderflow.orders";

    /// The most events in one call.
    int MAX_EVENTS = 10;

    /// The most bytes in one call, counted by [OutgoingEvent#bytes()]. AWS says 1 MB; the smaller
    /// reading of it is safe.
    int MAX_BYTES = 1_000_000;

    /// Publishes a few events in one call. Called on many threads at once.
    ///
    /// @param events 1 to 10, together at most 1 MB unless it is a single one
    PublishResult publish(List<OutgoingEvent> events);

    /// Whether the bus is there. EventBridge takes events for a bus that does not exist as if it
    /// did, and nobody gets them; so nothing tells but this question.
    TargetState findState();

    /// What is known of the bus.
    sealed interface TargetState {

        /// It exists.
        record TargetExists() implements TargetState {}

        /// It does not.
        record TargetMissing() implements TargetState {}

        /// The question got no answer, which says nothing of the bus.
        record TargetUnknown(String reason) implements TargetState {}
    }

    /// What became of a call.
    sealed interface PublishResult {

        /// The bus looked at each event.
        ///
        /// @param each one for each event, in the same sequence
        record EntryResults(List<EntryResult> results) implements PublishResult {

            public EntryResults {
                results = List.copyOf(results);
            }
        }

        /// The bus refused the call for what may be in it, so that one of the events may be
        /// bad. A call with several is taken apart to find out which.
        ///
        /// @param verdict what it means for an event that was alone in its call
        record CallRejected(EntryResult.EntryNotAccepted result) implements PublishResult {}

        /// The bus cannot be reached, failed or is overloaded; the events have nothing to do
        /// with it. They may have been published nevertheless.
        record TargetUnavailable(String reason) implements PublishResult {}

        /// The bus does not let us in, or is not set up; the events have nothing to do with it.
        record CallBlocked(String reason) implements PublishResult {}
    }

    /// What became of one event.
    sealed interface EntryResult {

        /// It is published.
        record EntryAccepted() implements EntryResult {}

        /// It is not.
        sealed interface EntryNotAccepted extends EntryResult {}

        /// The bus will not have it, now or ever.
        record EntryRejected(String reason) implements EntryNotAccepted {}

        /// The bus failed, and says to try again; the event has nothing to do with it.
        record EntryFailed(String reason) implements EntryNotAccepted {}

        /// The bus lets nobody publish this until access or configuration is changed, or it gave a
        /// reason that is not known; the event is good as far as is known.
        record EntryBlocked(String reason) implements EntryNotAccepted {}

        /// The bus is too busy; the event has nothing to do with it.
        record EntryThrottled() implements EntryNotAccepted {}

        /// It was not sent, because what must be done before is not possible now; neither the bus
        /// nor the event has anything to do with it.
        record EntryWithheld(String reason) implements EntryNotAccepted {}
    }
}
