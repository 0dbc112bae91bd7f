package dev.orderflow.outbox;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Parks events of a relay and reports each of them.
final class EventParking {

    private static final Logger log = LoggerFactory.getLogger(EventParking.class);

    private final OutboxRepository repository;
    private final RelayObserver observer;

    EventParking(OutboxRepository repository, RelayObserver observer) {
        this.repository = repository;
        this.observer = observer;
    }

    /// Parks an event. Has no effect when it is gone, was parked before, or belongs to another
    /// relay now.
    ///
    /// @param token of the lease under which it was read
    /// @param attempts how often it was rejected
    void park(PendingEvent event, long token, int attempts, String reason) {
        if (repository.park(event, token, attempts, reason)) {
            observer.onParked();
            log.error("event {} is parked: {}", event.event(), reason);
        }
    }
}
