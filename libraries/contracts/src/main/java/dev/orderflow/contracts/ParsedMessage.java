package dev.orderflow.contracts;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The result of parsing a message. A message that is not valid must be moved to the dead-letter
/// queue, never dropped.
///
/// @param <M> the expected type of messages
public sealed interface ParsedMessage<M> {

    /// A message of a known type and version.
    ///
    /// @param message the message
    /// @param envelope the envelope of EventBridge; empty for a command
    record ValidMessage<M>(M message, Optional<Envelope> envelope) implements ParsedMessage<M> {}

    /// A message of an unknown type.
    record UnknownType<M>(String type) implements ParsedMessage<M> {}

    /// A message in a newer version than this code supports.
    record UnsupportedVersion<M>(String type, int version) implements ParsedMessage<M> {}

    /// A message that cannot be parsed.
    ///
    /// @param detail what is wrong, without quoting the body
    record Malformed<M>(String detail) implements ParsedMessage<M> {}

    /// The envelope of EventBridge around an event.
    ///
    /// @param id the id that EventBridge assigns; it differs whenever the event is published again
    /// @param time when it was published
    /// @param replayName the replay that delivered it; null for live events
    record Envelope(String id, Instant time, @Nullable String replayName) {}

    /// Why the message is not valid, for the dead-letter queue; empty if it is valid. It quotes
    /// nothing of the body, except an unknown type that is a single capitalised word, because other
    /// texts could be personal data.
    default Optional<String> rejectionReason() {
        return switch (this) {
            case ValidMessage<M> _ -> Optional.empty();
            case UnknownType<M>(var type) ->
                    Optional.of(
                            type.matches("[A-Z][A-Za-z]{0,63}")
                                    ? "unknown message type " + type
                                    : "unknown message type");
            case UnsupportedVersion<M>(var type, var version) ->
                    Optional.of("unknown version " + version + " of " + type);
            case Malformed<M>(var why) -> Optional.of("malformed message: " + why);
        };
    }
}
