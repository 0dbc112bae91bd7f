package dev.orderflow.order.relay;

import java.util.List;

/// Where events go.
interface EventBus {

    /// The name under which this service publishes.
    String SOURCE = "orderflow.orders";

    /// The most events in one call.
    int MOST_EVENTS = 10;

    /// The most bytes in one call, counted by [OutgoingEvent#bytes()]. AWS says 1 MB; the smaller
    /// reading of it is safe.
    int MOST_BYTES = 1_000_000;

    /// Publishes a few events in one call. Called on many threads at once.
    ///
    /// @param events 1 to 10, together at most 1 MB unless it is a single one
    Answer publish(List<OutgoingEvent> events);

    /// Whether the bus is there. EventBridge takes events for a bus that does not exist as if it
    /// did, and nobody gets them; so nothing tells but this question.
    Existence findBus();

    /// What is known of the bus.
    sealed interface Existence {

        /// It exists.
        record Exists() implements Existence {}

        /// It does not.
        record Missing() implements Existence {}

        /// The question got no answer, which says nothing of the bus.
        record Unknown(String reason) implements Existence {}
    }

    /// What became of a call.
    sealed interface Answer {

        /// The bus looked at each event.
        ///
        /// @param each one for each event, in the same sequence
        record Each(List<Verdict> each) implements Answer {

            public Each {
                each = List.copyOf(each);
            }
        }

        /// The bus refused the call for what may be in it, so that one of the events may be
        /// bad. A call with several is taken apart to find out which.
        ///
        /// @param verdict what it means for an event that was alone in its call
        record CallRefused(Verdict.NotAccepted verdict) implements Answer {}

        /// The bus cannot be reached, failed or is overloaded; the events have nothing to do
        /// with it. They may have been published nevertheless.
        record Unavailable(String reason) implements Answer {}

        /// The bus does not let us in, or is not set up; the events have nothing to do with it.
        record Blocked(String reason) implements Answer {}
    }

    /// What became of one event.
    sealed interface Verdict {

        /// It is published.
        record Accepted() implements Verdict {}

        /// It is not.
        sealed interface NotAccepted extends Verdict {}

        /// The bus will not have it, now or ever.
        record Refused(String reason) implements NotAccepted {}

        /// The bus failed, and says to try again; the event has nothing to do with it.
        record Failed(String reason) implements NotAccepted {}

        /// The bus lets nobody publish this until access or configuration is changed, or it gave a
        /// reason that is not known; the event is good as far as is known.
        record Blocked(String reason) implements NotAccepted {}

        /// The bus is too busy; the event has nothing to do with it.
        record TooBusy() implements NotAccepted {}

        /// It was not sent, because what must be done before is not possible now; neither the bus
        /// nor the event has anything to do with it.
        record Withheld(String reason) implements NotAccepted {}
    }
}
