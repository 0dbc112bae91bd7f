package dev.orderflow.defaults.history;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Records attempts to work on an order that failed, were repeated, or waited, so that the case
/// file of the order can show them.
///
/// Recording returns at once and never fails. Whatever happens repeatedly is kept as one incident
/// with a count.
public interface OrderIncidents {

    /// The attribute of an HTTP request with the id of its order, a [UUID], for a request that has
    /// it neither in its path nor in the `Location` of its response.
    String ORDER_ID_ATTRIBUTE = "dev.orderflow.orderId";

    /// Records an incident that happened now.
    ///
    /// @param subject what it was about: the id of a message, a call, or a dependency; it may be
    ///     empty
    /// @param detail one sentence without payload, the same whenever the same happens
    default void record(UUID orderId, OrderIncidentType type, String subject, String detail) {
        record(orderId, type, subject, detail, Instant.now());
    }

    /// Records an incident that lasted until now.
    ///
    /// @param since when it began
    void record(UUID orderId, OrderIncidentType type, String subject, String detail, Instant since);

    /// The incidents of an order, in the sequence in which they began.
    List<OrderHistoryEntry> find(UUID orderId);

    /// Records nothing, for a process without a database.
    static OrderIncidents none() {
        return new OrderIncidents() {
            @Override
            public void record(
                    UUID orderId,
                    OrderIncidentType type,
                    String subject,
                    String detail,
                    Instant since) {}

            @Override
            public List<OrderHistoryEntry> find(UUID orderId) {
                return List.of();
            }
        };
    }
}
