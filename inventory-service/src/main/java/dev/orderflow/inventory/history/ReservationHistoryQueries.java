package dev.orderflow.inventory.history;

import dev.orderflow.defaults.history.OperatorActionHistory;
import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryMarks;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderHistoryState;
import dev.orderflow.defaults.history.OrderIncidents;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads the history of an order's reservation.
@Component
class ReservationHistoryQueries {

    private static final String SERVICE = "inventory-service";

    /// The requests of people that leave no record of their own.
    private static final Map<String, String> OPERATOR_ACTIONS =
            Map.of("/internal/reservations/{orderId}/release", "to release the stock");

    private final JdbcClient jdbc;
    private final OrderIncidents incidents;
    private final OperatorActionHistory operatorActions;

    ReservationHistoryQueries(
            JdbcClient jdbc, OrderIncidents incidents, OperatorActionHistory operatorActions) {
        this.operatorActions = operatorActions;
        this.jdbc = jdbc;
        this.incidents = incidents;
    }

    private record StoredReservation(
            String state,
            @Nullable String reserveKey,
            @Nullable String releaseKey,
            @Nullable String shortage,
            Instant createdAt,
            Instant updatedAt) {}

    OrderHistory find(UUID orderId) {
        var reservation = findReservation(orderId);
        var entries = new ArrayList<OrderHistoryEntry>();
        reservation.ifPresent(
                stored -> {
                    entries.addAll(decisions(stored));
                    entries.addAll(movements(orderId, stored));
                });
        entries.addAll(incidents.find(orderId));
        entries.addAll(operatorActions.find(orderId, OPERATOR_ACTIONS));
        return OrderHistory.of(
                reservation
                        .map(
                                stored ->
                                        List.of(
                                                new OrderHistoryState(
                                                        SERVICE,
                                                        stored.state(),
                                                        "The reservation is %s."
                                                                .formatted(stored.state()))))
                        .orElse(List.of()),
                entries.stream()
                        .map(entry -> entry.withLink("/internal/reservations/" + orderId))
                        .toList());
    }

    private Optional<StoredReservation> findReservation(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT state, reserve_key, release_key, created_at, updated_at,
                               shortage_sku || ': ' || shortage_requested || ' requested, '
                                   || shortage_available || ' available' AS shortage
                        FROM reservation WHERE order_id = :order
                        """)
                .param("order", orderId)
                .query(
                        (row, _) ->
                                new StoredReservation(
                                        row.getString("state"),
                                        row.getString("reserve_key"),
                                        row.getString("release_key"),
                                        row.getString("shortage"),
                                        instant(row, "created_at"),
                                        instant(row, "updated_at")))
                .optional();
    }

    /// The decisions that moved no stock, and so have no entry in the ledger.
    private static List<OrderHistoryEntry> decisions(StoredReservation stored) {
        var entries = new ArrayList<OrderHistoryEntry>();
        if (stored.shortage() != null) {
            entries.add(
                    marked(
                            OrderHistoryEntry.of(
                                    stored.createdAt(),
                                    SERVICE,
                                    "RESERVATION_REFUSED",
                                    OrderHistoryOutcome.REFUSED,
                                    "The reservation was refused, there is not enough stock: %s."
                                            .formatted(stored.shortage())),
                            stored.reserveKey()));
        }
        if (stored.releaseKey() != null
                && (stored.reserveKey() == null || stored.shortage() != null)) {
            entries.add(
                    marked(
                            OrderHistoryEntry.of(
                                    stored.updatedAt(),
                                    SERVICE,
                                    "RESERVATION_RELEASED",
                                    OrderHistoryOutcome.DONE,
                                    "A release was requested; the order had no reserved stock."),
                            stored.releaseKey()));
        }
        return entries;
    }

    private List<OrderHistoryEntry> movements(UUID orderId, StoredReservation stored) {
        return jdbc.sql(
                        """
                        SELECT entry, sku, movement, on_hand_change, reserved_change, recorded_at
                        FROM stock_ledger WHERE order_id = :order ORDER BY entry LIMIT :limit
                        """)
                .param("order", orderId)
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query((row, _) -> movement(row, stored))
                .list();
    }

    private static OrderHistoryEntry movement(ResultSet row, StoredReservation stored)
            throws SQLException {
        var movement = row.getString("movement");
        long quantity = Math.abs(row.getLong("reserved_change"));
        var sku = row.getString("sku");
        var entry =
                OrderHistoryEntry.of(
                                instant(row, "recorded_at"),
                                SERVICE,
                                "STOCK_" + movement,
                                OrderHistoryOutcome.DONE,
                                describe(movement, quantity, sku))
                        .withId("ledgerEntry", row.getString("entry"));
        return switch (movement) {
            case "RESERVED" -> marked(entry, stored.reserveKey());
            case "RELEASED" -> marked(entry, stored.releaseKey());
            case "SHIPPED" -> entry.after(OrderHistoryMarks.published("OrderShipped"));
            default -> entry;
        };
    }

    private static String describe(String movement, long quantity, String sku) {
        var what = quantity + " of " + sku;
        return switch (movement) {
            case "RESERVED" -> what + " were reserved.";
            case "RELEASED" -> what + " were released.";
            case "EXPIRED" ->
                    what
                            + " were returned to stock, because the order had ended without a release.";
            default -> what + " left the stock with the shipment.";
        };
    }

    private static OrderHistoryEntry marked(OrderHistoryEntry entry, @Nullable String key) {
        return key == null
                ? entry
                : entry.withId("idempotencyKey", key)
                        .after(OrderHistoryMarks.requested(key))
                        .marking(OrderHistoryMarks.answered(key));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
