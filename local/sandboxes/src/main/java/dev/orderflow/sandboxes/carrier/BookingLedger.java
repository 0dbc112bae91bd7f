package dev.orderflow.sandboxes.carrier;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The bookings in sequence. Two bookings of one order remain two entries, so that they are
/// visible.
final class BookingLedger {

    private final Map<String, BookingEntry> byKey = new LinkedHashMap<>();
    private final Set<String> withdrawn = new HashSet<>();
    private int number;

    /// Books a parcel, or returns the booking with the same key.
    synchronized BookingResult book(String key, UUID orderId, String fingerprint) {
        if (withdrawn.contains(key)) {
            return new BookingResult.AlreadyWithdrawn();
        }
        var known = byKey.get(key);
        if (known == null) {
            number++;
            var booking = new SandboxBooking(orderId, "SBX-%08d".formatted(number), key, 1);
            byKey.put(key, new BookingEntry(fingerprint, booking));
            return new BookingResult.BookingMade(booking);
        }
        if (!known.fingerprint().equals(fingerprint)) {
            return new BookingResult.KeyReused();
        }
        var asked = known.booking().withRepeatedRequest();
        byKey.put(key, new BookingEntry(fingerprint, asked));
        return new BookingResult.BookingMade(asked);
    }

    /// Prevents a booking with a key.
    ///
    /// @return the booking that already exists with it
    synchronized Optional<SandboxBooking> withdraw(String key) {
        var known = byKey.get(key);
        if (known == null) {
            withdrawn.add(key);
        }
        return Optional.ofNullable(known).map(BookingEntry::booking);
    }

    synchronized List<SandboxBooking> all() {
        var bookings = new ArrayList<SandboxBooking>();
        byKey.values().forEach(entry -> bookings.add(entry.booking()));
        return List.copyOf(bookings);
    }

    /// @param requests the number of requests for the booking
    record SandboxBooking(
            UUID orderId, String trackingNumber, String idempotencyKey, int requests) {

        SandboxBooking withRepeatedRequest() {
            return new SandboxBooking(orderId, trackingNumber, idempotencyKey, requests + 1);
        }
    }

    sealed interface BookingResult {

        record BookingMade(SandboxBooking booking) implements BookingResult {}

        /// The key was already used for another parcel.
        record KeyReused() implements BookingResult {}

        /// The booking was withdrawn before the request arrived.
        record AlreadyWithdrawn() implements BookingResult {}
    }

    private record BookingEntry(String fingerprint, SandboxBooking booking) {}
}
