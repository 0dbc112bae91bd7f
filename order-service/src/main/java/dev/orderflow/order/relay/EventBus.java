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

        /// The bus refused the call for what is in it, so that at least one of the events is bad.
        record CallRefused(String reason) implements Answer {}

        /// The bus is away, overloaded or closed to us; the events have nothing to do with it. They
        /// may have been published nevertheless.
        record Unavailable(String reason) implements Answer {}
    }

    /// What became of one event.
    sealed interface Verdict {

        /// It is published.
        record Accepted() implements Verdict {}

        /// The bus will not have it, now or ever.
        record Refused(String reason) implements Verdict {}

        /// The bus is too busy; the event has nothing to do with it.
        record TooBusy() implements Verdict {}

        /// It was not sent, because what must be done before is not possible now; neither the bus
        /// nor the event has anything to do with it.
        record Withheld(String reason) implements Verdict {}
    }
}
