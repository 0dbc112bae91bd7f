package dev.orderflow.contracts;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a message on a queue turned out to be. Anything but the expected is a reason to park the
/// message
/// where a person sees it, never to drop it.
///
/// @param <M> the messages expected here
public sealed interface ParsedMessage<M> {

    /// A message that this code knows.
    ///
    /// @param message the message
    /// @param envelope how EventBridge delivered it, empty for a command
    record ValidMessage<M>(M message, Optional<Envelope> envelope) implements ParsedMessage<M> {}

    /// A message of a type nobody here has heard of.
    record UnknownType<M>(String type) implements ParsedMessage<M> {}

    /// A message in a version newer than this code.
    record UnsupportedVersion<M>(String type, int version) implements ParsedMessage<M> {}

    /// Not a message at all.
    ///
    /// @param why what is wrong, without quoting the body
    record Malformed<M>(String detail) implements ParsedMessage<M> {}

    /// What EventBridge puts around an event.
    ///
    /// @param id EventBridge's own id, another one whenever the event is published again
    /// @param time when it was published
    /// @param replayName the replay that brought it, absent on live events
    record Envelope(String id, Instant time, @Nullable String replayName) {}

    /// Why this is not a known message, in words for a dead-letter queue; empty when it is known.
    /// Quotes of the body nothing but a type that looks like one of ours, a single capitalised word
    /// of letters: with spaces and digits it may be a name, an address or a number.
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
