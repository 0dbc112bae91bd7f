package dev.orderflow.operations.casefile;

import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What all parts of the system know about an order.
///
/// @param complete whether every part responded with all it knows, and the timeline has all of it
/// @param omitted how many entries in the middle of the timeline are left out
/// @param states what each part says now
/// @param gaps the times in which the order waited, the earliest first
public record CaseFile(
        UUID orderId,
        boolean complete,
        int omitted,
        List<PartReport> parts,
        List<OrderHistoryState> states,
        List<CaseFileEntry> timeline,
        List<CaseFileGap> gaps) {

    public CaseFile {
        parts = List.copyOf(parts);
        states = List.copyOf(states);
        timeline = List.copyOf(timeline);
        gaps = List.copyOf(gaps);
    }

    /// How a part responded.
    ///
    /// @param available whether it responded
    /// @param complete whether it has no further entries
    /// @param entries how many entries it has
    /// @param problem why it did not respond, or what is missing; empty when nothing is
    /// @param unavailableSince when it was first found not to respond
    public record PartReport(
            String part,
            boolean available,
            boolean complete,
            int entries,
            Optional<String> problem,
            Optional<Instant> unavailableSince) {}

    /// An entry of the timeline.
    ///
    /// @param part the part that knows it
    /// @param isOutOfTime whether an entry before it has a later time: the clocks of their parts
    ///     differ, and the ids tell that this one came after
    public record CaseFileEntry(String part, OrderHistoryEntry entry, boolean isOutOfTime) {}

    /// A time in which the order waited.
    ///
    /// @param until empty when it still waits
    /// @param waitingFor the part that it waited for
    /// @param reason one sentence
    public record CaseFileGap(
            Instant from, Optional<Instant> until, String waitingFor, String reason) {}
}
