package dev.orderflow.sandboxes.carrier;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The bookings in the order they were made. Two bookings of one order stay two: that is what it is
/// there to
/// show.
final class Ledger {

    private final Map<String, Entry> byKey = new LinkedHashMap<>();
    private final Set<String> withdrawn = new HashSet<>();
    private int number;

    /// Books, or finds what was booked under the same key before.
    synchronized Answer book(String key, UUID orderId, String fingerprint) {
        if (withdrawn.contains(key)) {
            return new Answer.Withdrawn();
        }
        var known = byKey.get(key);
        if (known == null) {
            number++;
            var booking = new Booking(orderId, "SBX-%08d".formatted(number), key, 1);
            byKey.put(key, new Entry(fingerprint, booking));
            return new Answer.Made(booking);
        }
        if (!known.fingerprint().equals(fingerprint)) {
            return new Answer.KeyReused();
        }
        var asked = known.booking().askedAgain();
        byKey.put(key, new Entry(fingerprint, asked));
        return new Answer.Made(asked);
    }

    /// Makes sure that nothing is booked under a key.
    ///
    /// @return what was booked under it already
    synchronized Optional<Booking> withdraw(String key) {
        var known = byKey.get(key);
        if (known == null) {
            withdrawn.add(key);
        }
        return Optional.ofNullable(known).map(Entry::booking);
    }

    synchronized List<Booking> all() {
        var bookings = new ArrayList<Booking>();
        byKey.values().forEach(entry -> bookings.add(entry.booking()));
        return List.copyOf(bookings);
    }

    /// @param requests how often the booking was asked for
    record Booking(UUID orderId, String trackingNumber, String idempotencyKey, int requests) {

        Booking askedAgain() {
            return new Booking(orderId, trackingNumber, idempotencyKey, requests + 1);
        }
    }

    sealed interface Answer {

        record Made(Booking booking) implements Answer {}

        /// Another parcel under a key that was used before.
        record KeyReused() implements Answer {}

        /// The booking was withdrawn before it came.
        record Withdrawn() implements Answer {}
    }

    private record Entry(String fingerprint, Booking booking) {}
}
