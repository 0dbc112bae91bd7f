package dev.orderflow.outbox;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Wakes the relays of this process. A relay that misses it, of this process or another, finds the
/// event with its next poll.
public final class RelayWakeUp {

    private final Map<String, OutboxRelay> relays = new ConcurrentHashMap<>();

    /// Wakes a relay from now on.
    public void register(OutboxRelay relay) {
        relays.put(relay.target(), relay);
    }

    /// Events of a key were committed.
    void wakeUp(String target, String key) {
        var relay = relays.get(target);
        if (relay != null) {
            relay.wakeUp(key);
        }
    }

    /// Parked events of some keys were put back, with the ids that they had.
    void wakeUpReleased(String target, Set<String> keys) {
        var relay = relays.get(target);
        if (relay != null) {
            relay.wakeUpReleased(keys);
        }
    }
}
