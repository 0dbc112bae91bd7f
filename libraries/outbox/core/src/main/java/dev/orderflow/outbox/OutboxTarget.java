package dev.orderflow.outbox;

import java.util.List;
import java.util.Objects;

/// Where events are published: an event bus, a topic, a queue.
///
/// An implementation is called on many threads at once and must return within a bounded time. It
/// does not retry by itself; the relay does.
public interface OutboxTarget {

    /// The most events in one call, at least 1.
    int maxEvents();

    /// The most bytes in one call, by [#bytes].
    int maxBytes();

    /// The size of an event in a call, in bytes.
    int bytes(OutboxEvent event);

    /// Publishes events in one call.
    ///
    /// @param events 1 to [#maxEvents], together at most [#maxBytes] unless it is a single one, and
    ///     no two of the same key
    /// @return never null. After an exception or a wrong number of results the relay sends the
    ///     events again one by one, and reports those as blocked for which that remains so.
    PublishResult publish(List<OutboxEvent> events);

    /// Whether the target exists. Some services accept events for a target that does not exist and
    /// drop them, so that only this call can tell.
    TargetState findState();

    /// Whether a target exists.
    sealed interface TargetState {

        /// It exists.
        record TargetExists() implements TargetState {}

        /// It does not exist. The relay publishes nothing until it does.
        record TargetMissing() implements TargetState {}

        /// The check failed, which says nothing about the target. The relay continues to publish.
        record TargetUnknown(String reason) implements TargetState {

            public TargetUnknown {
                Objects.requireNonNull(reason, "reason");
            }
        }
    }

    /// The result of a call.
    sealed interface PublishResult {

        /// The target decided about each event.
        ///
        /// @param results one for each event, in the same sequence
        record EntryResults(List<EntryResult> results) implements PublishResult {

            public EntryResults {
                results = List.copyOf(results);
            }
        }

        /// The target rejected the call, and one of its events may be the cause. The relay sends
        /// the events again one by one to find it.
        ///
        /// @param result what it means for an event that was alone in its call
        record CallRejected(EntryResult.EntryNotAccepted result) implements PublishResult {

            public CallRejected {
                Objects.requireNonNull(result, "result");
            }
        }

        /// The target cannot be reached, failed or is overloaded. The events may have been
        /// published.
        record TargetUnavailable(String reason) implements PublishResult {

            public TargetUnavailable {
                Objects.requireNonNull(reason, "reason");
            }
        }

        /// Access or configuration prevents publishing.
        record CallBlocked(String reason) implements PublishResult {

            public CallBlocked {
                Objects.requireNonNull(reason, "reason");
            }
        }
    }

    /// The result for one event.
    sealed interface EntryResult {

        /// It is published.
        record EntryAccepted() implements EntryResult {}

        /// It is not published.
        sealed interface EntryNotAccepted extends EntryResult {}

        /// The target rejects the event for its content. Parked after a few attempts.
        record EntryRejected(String reason) implements EntryNotAccepted {

            public EntryRejected {
                Objects.requireNonNull(reason, "reason");
            }
        }

        /// A transient failure of the target. Retried for as long as it lasts.
        record EntryFailed(String reason) implements EntryNotAccepted {

            public EntryFailed {
                Objects.requireNonNull(reason, "reason");
            }
        }

        /// Access or configuration prevents publishing, or the reason is not known. Retried for as
        /// long as it lasts, and reported as blocked.
        record EntryBlocked(String reason) implements EntryNotAccepted {

            public EntryBlocked {
                Objects.requireNonNull(reason, "reason");
            }
        }

        /// The target throttles. Publishing pauses.
        record EntryThrottled() implements EntryNotAccepted {}

        /// It was not sent because a step before publishing failed, for example the storing of its
        /// payload. Retried for as long as it lasts.
        record EntryWithheld(String reason) implements EntryNotAccepted {

            public EntryWithheld {
                Objects.requireNonNull(reason, "reason");
            }
        }
    }
}
