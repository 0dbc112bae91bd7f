package dev.orderflow.defaults.history;

import java.util.Comparator;
import java.util.List;

/// What one service knows about an order, the response of its endpoint `…/{orderId}/history`. Both
/// lists are empty when the service knows nothing about the order.
///
/// @param states what is now
/// @param entries what happened, in its sequence, [#MAX_ENTRIES] at most
/// @param complete whether there are no further entries
public record OrderHistory(
        List<OrderHistoryState> states, List<OrderHistoryEntry> entries, boolean complete) {

    /// The most entries in one response.
    public static final int MAX_ENTRIES = 500;

    public OrderHistory {
        states = List.copyOf(states);
        entries = List.copyOf(entries);
    }

    /// The earliest of these entries. Entries of the same time keep their sequence.
    public static OrderHistory of(List<OrderHistoryState> states, List<OrderHistoryEntry> entries) {
        return new OrderHistory(
                states,
                entries.stream()
                        .sorted(Comparator.comparing(OrderHistoryEntry::at))
                        .limit(MAX_ENTRIES)
                        .toList(),
                entries.size() <= MAX_ENTRIES);
    }
}
