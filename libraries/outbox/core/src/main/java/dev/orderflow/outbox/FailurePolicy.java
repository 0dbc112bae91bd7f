package dev.orderflow.outbox;

/// Decides what happens to an event that was not published: it is retried after a delay, or parked
/// when the target has rejected it too often.
final class FailurePolicy {

    private static final int MAX_REASON_LENGTH = 200;

    /// Why an event was not published.
    ///
    /// @param reason the target's error code; bounded and printable, so that it can be stored
    record PublishFailure(KeyQueue queue, String reason, FailureKind kind) {

        enum FailureKind {
            /// The event itself is at fault; counts as one of its attempts.
            REJECTED,
            /// Transient failure of the target.
            FAILED,
            /// Lasts until access or configuration is changed.
            BLOCKED,
            /// The event was not sent because a step before publishing failed.
            WITHHELD
        }

        PublishFailure {
            reason = toPrintable(reason);
        }

        /// Whether the event itself is at fault.
        boolean isRejected() {
            return kind == FailureKind.REJECTED;
        }

        /// The attempts of the event, this one included if the event itself is at fault.
        int attempts() {
            return queue.head().attempts() + (isRejected() ? 1 : 0);
        }
    }

    private final RelaySettings settings;

    FailurePolicy(RelaySettings settings) {
        this.settings = settings;
    }

    /// A reason as it can be stored and logged.
    static String toPrintable(String reason) {
        var printable = reason.replaceAll("[^\\x20-\\x7E]", "?");
        return printable.substring(0, Math.min(printable.length(), MAX_REASON_LENGTH));
    }

    /// Whether the event of a failure is parked and not retried.
    boolean isFinal(PublishFailure failure) {
        return failure.isRejected() && failure.attempts() >= settings.maxAttempts();
    }

    /// The deferral of an event that is retried.
    OutboxRepository.EventDeferral deferralFor(PublishFailure failure) {
        return deferralFor(
                failure.queue().head(),
                failure.queue().token,
                failure.attempts(),
                failure.kind(),
                failure.reason());
    }

    /// The deferral of an event that is retried.
    ///
    /// @param token of the lease under which it was read
    /// @param attempts how many attempts count so far
    /// @param reason as [#toPrintable] returns it
    OutboxRepository.EventDeferral deferralFor(
            PendingEvent event,
            long token,
            int attempts,
            PublishFailure.FailureKind kind,
            String reason) {
        int deferralCount =
                event.deferrals() + (kind == PublishFailure.FailureKind.REJECTED ? 0 : 1);
        var delay =
                switch (kind) {
                    case REJECTED -> settings.backoffAfter(attempts);
                    case FAILED, BLOCKED ->
                            RelaySettings.shorter(
                                    settings.backoffAfter(deferralCount), settings.maxPause());
                    case WITHHELD -> settings.maxPause();
                };
        return new OutboxRepository.EventDeferral(
                event,
                token,
                attempts,
                deferralCount,
                kind == PublishFailure.FailureKind.BLOCKED,
                delay,
                reason);
    }
}
