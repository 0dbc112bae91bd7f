package dev.orderflow.outbox;

import org.jspecify.annotations.Nullable;

/// A target returned something else than [OutboxTarget#publish] promises. The message says what,
/// and quotes no event.
final class FaultyTargetException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private FaultyTargetException(String message) {
        super(message);
    }

    /// Checks what a target returned.
    ///
    /// @param events how many events were in the call
    /// @return the same
    /// @throws FaultyTargetException when it is missing, or has more or fewer results than events
    static OutboxTarget.PublishResult requireComplete(
            OutboxTarget.@Nullable PublishResult result, int events) {
        if (result == null) {
            throw new FaultyTargetException("the target returned no result");
        }
        if (result instanceof OutboxTarget.PublishResult.EntryResults(var each)
                && each.size() != events) {
            throw new FaultyTargetException(
                    "the target returned %d results, not %d".formatted(each.size(), events));
        }
        return result;
    }
}
