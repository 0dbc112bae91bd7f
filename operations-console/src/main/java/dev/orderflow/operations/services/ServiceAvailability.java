package dev.orderflow.operations.services;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/// Since when which part of the system does not respond, as far as this instance has asked: the
/// auditor asks every service every few seconds.
@Component
public class ServiceAvailability {

    private final Map<String, Instant> unavailableSince = new ConcurrentHashMap<>();
    private final InstantSource clock;

    /// By the clock of the machine.
    public ServiceAvailability() {
        this(InstantSource.system());
    }

    ServiceAvailability(InstantSource clock) {
        this.clock = clock;
    }

    /// Records that a part responded.
    public void recordResponse(String part) {
        unavailableSince.remove(part);
    }

    /// Records that a part did not respond.
    public void recordFailure(String part) {
        unavailableSince.putIfAbsent(part, clock.instant());
    }

    /// The first failure after the last response; empty when the last call got a response.
    public Optional<Instant> unavailableSince(String part) {
        return Optional.ofNullable(unavailableSince.get(part));
    }
}
