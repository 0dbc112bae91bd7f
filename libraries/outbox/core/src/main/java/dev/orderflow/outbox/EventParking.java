package dev.orderflow.outbox;

import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Parks events of a relay and reports each of them.
final class EventParking {

    private static final Logger log = LoggerFactory.getLogger(EventParking.class);

    private static final String BEHIND_PARKED = "an earlier event of its key is parked";

    private final OutboxRepository repository;
    private final FailurePolicy failurePolicy;
    private final RelayObserver observer;

    EventParking(OutboxRepository repository, FailurePolicy failurePolicy, RelayObserver observer) {
        this.repository = repository;
        this.failurePolicy = failurePolicy;
        this.observer = observer;
    }

    /// Parks an event. Has no effect when it is gone, was parked before, or belongs to another
    /// relay now. If that fails for this event, for example in the listener, it is deferred and
    /// reported as blocked, so that it delays no other key.
    ///
    /// @param token of the lease under which it was read
    /// @param attempts how often it was rejected
    /// @throws RuntimeException when it cannot be deferred either, since the database fails
    void park(PendingEvent event, long token, int attempts, String reason) {
        park(event, token, attempts, reason, () -> repository.park(event, token, attempts, reason));
    }

    /// Parks an event behind the parked events of its key, unless these were released meanwhile.
    ///
    /// @param token of the lease under which it was read
    /// @throws RuntimeException as for [#park]
    void parkBehind(PendingEvent event, long token) {
        park(
                event,
                token,
                event.attempts(),
                BEHIND_PARKED,
                () -> repository.parkBehind(event, token, BEHIND_PARKED));
    }

    private void park(
            PendingEvent event,
            long token,
            int attempts,
            String reason,
            BooleanSupplier moveToParked) {
        boolean isParked;
        try {
            isParked = moveToParked.getAsBoolean();
        } catch (RuntimeException | Error failure) {
            defer(event, token, attempts, failure);
            return;
        }
        if (isParked) {
            observer.onParked();
            log.error("event {} is parked: {}", event.event(), reason);
        }
    }

    private void defer(PendingEvent event, long token, int attempts, Throwable failure) {
        var deferral =
                failurePolicy.deferralFor(
                        event,
                        token,
                        attempts,
                        FailurePolicy.PublishFailure.FailureKind.BLOCKED,
                        FailurePolicy.toPrintable(
                                "not parked: " + OutboxFailureDescription.of(failure)));
        repository.defer(List.of(deferral));
        log.error(
                "event {} cannot be parked: {}; retrying in {} ms",
                event.event(),
                OutboxFailureDescription.withOrigin(failure),
                deferral.delay().toMillis());
    }
}
