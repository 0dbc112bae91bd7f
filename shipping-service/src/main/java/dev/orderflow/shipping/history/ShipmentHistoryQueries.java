package dev.orderflow.shipping.history;

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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads the history of an order's shipment.
@Component
class ShipmentHistoryQueries {

    private static final String SERVICE = "shipping-service";
    private static final int MAX_OUTAGES = 50;

    private final JdbcClient jdbc;
    private final OrderIncidents incidents;

    ShipmentHistoryQueries(JdbcClient jdbc, OrderIncidents incidents) {
        this.jdbc = jdbc;
        this.incidents = incidents;
    }

    private record StoredShipment(
            UUID id,
            String state,
            String callbackState,
            @Nullable String trackingNumber,
            @Nullable String callbackError,
            Instant createdAt,
            @Nullable Instant nextAttemptAt,
            int attempts) {}

    OrderHistory find(UUID orderId) {
        var shipment = findShipment(orderId);
        var entries = new ArrayList<OrderHistoryEntry>();
        shipment.ifPresent(
                stored -> {
                    var changes = changes(orderId, stored);
                    entries.addAll(changes);
                    entries.addAll(outages(stored, decidedAt(changes)));
                });
        entries.addAll(incidents.find(orderId));
        return OrderHistory.of(
                shipment.map(stored -> List.of(state(stored))).orElse(List.of()), entries);
    }

    private Optional<StoredShipment> findShipment(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT id, state, callback_state, tracking_number, callback_error, created_at, attempts,
                               CASE WHEN callback_state = 'PENDING' THEN next_attempt_at END AS next_attempt_at
                        FROM shipment WHERE order_id = :order
                        """)
                .param("order", orderId)
                .query(
                        (row, _) ->
                                new StoredShipment(
                                        row.getObject("id", UUID.class),
                                        row.getString("state"),
                                        row.getString("callback_state"),
                                        row.getString("tracking_number"),
                                        row.getString("callback_error"),
                                        instant(row, "created_at"),
                                        findInstant(row, "next_attempt_at"),
                                        row.getInt("attempts")))
                .optional();
    }

    private static OrderHistoryState state(StoredShipment stored) {
        return new OrderHistoryState(
                SERVICE,
                stored.state(),
                "The shipment is %s%s, and its answer to the workflow is %s%s%s."
                        .formatted(
                                stored.state(),
                                stored.trackingNumber() == null
                                        ? ""
                                        : " with the tracking number " + stored.trackingNumber(),
                                stored.callbackState(),
                                stored.callbackError() == null
                                        ? ""
                                        : " (" + stored.callbackError() + ")",
                                stored.nextAttemptAt() == null
                                        ? ""
                                        : "; attempt %d of the scheduler is due at %s"
                                                .formatted(
                                                        stored.attempts() + 1,
                                                        stored.nextAttemptAt())));
    }

    private List<OrderHistoryEntry> changes(UUID orderId, StoredShipment stored) {
        return jdbc.sql(
                        """
                        SELECT update_type, recorded_at
                        FROM shipment_history WHERE order_id = :order ORDER BY id LIMIT :limit
                        """)
                .param("order", orderId)
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query((row, _) -> change(row, orderId, stored))
                .list();
    }

    private static OrderHistoryEntry change(ResultSet row, UUID orderId, StoredShipment stored)
            throws SQLException {
        var type = row.getString("update_type");
        var entry =
                OrderHistoryEntry.of(
                                instant(row, "recorded_at"),
                                type.startsWith("Carrier") || type.equals("BookingWithdrawn")
                                        ? "carrier"
                                        : SERVICE,
                                "SHIPMENT_" + type,
                                switch (type) {
                                    case "CarrierRejected",
                                            "PermitDenied",
                                            "AuthorizationExpiryReported",
                                            "BookingWithdrawn" ->
                                            OrderHistoryOutcome.REFUSED;
                                    case "TaskTokenRejected" -> OrderHistoryOutcome.FAILED;
                                    default -> OrderHistoryOutcome.DONE;
                                },
                                describe(type, stored))
                        .withId("shipmentId", stored.id().toString())
                        .withLink("/internal/shipments/" + orderId);
        return switch (type) {
            case "ShipmentRequested" -> entry.after(OrderHistoryMarks.SHIPMENT_REQUESTED);
            case "CancellationRequested" ->
                    entry.after(OrderHistoryMarks.published("OrderCancellationRequested"))
                            .marking(OrderHistoryMarks.SHIPMENT_ANSWERED);
            case "PermitGranted" -> entry.after(OrderHistoryMarks.published("DispatchPermitted"));
            case "CarrierBooked",
                    "CarrierRejected",
                    "PermitDenied",
                    "AuthorizationExpiryReported",
                    "BookingWithdrawn" ->
                    entry.marking(OrderHistoryMarks.SHIPMENT_ANSWERED);
            default -> entry;
        };
    }

    private static String describe(String type, StoredShipment stored) {
        return switch (type) {
            case "ShipmentRequested" -> "The workflow requested the shipment.";
            case "CancellationRequested" -> "The shipment was cancelled at the customer's request.";
            case "PermitGranted" -> "order-service granted the dispatch permit.";
            case "PermitDenied" ->
                    "order-service denied the dispatch permit, so nothing is shipped.";
            case "AuthorizationExpiryReported" ->
                    "The authorisation of the payment has expired, so nothing is shipped.";
            case "BookingWithdrawn" ->
                    "The carrier confirmed that it has no booking and accepts none for the order.";
            case "CarrierBooked" ->
                    "The carrier accepted the booking with the tracking number %s."
                            .formatted(stored.trackingNumber());
            case "CarrierRejected" -> "The carrier rejected the parcel.";
            case "AnswerAccepted" -> "The workflow accepted the answer of shipping-service.";
            case "TaskTokenRejected" ->
                    "The workflow no longer waits for the shipment: its task token has expired or is unknown.";
            default -> "The shipment changed: %s.".formatted(type);
        };
    }

    /// When the carrier was no longer needed; empty while it is.
    private static Optional<Instant> decidedAt(List<OrderHistoryEntry> changes) {
        return changes.stream()
                .filter(entry -> entry.marks().contains(OrderHistoryMarks.SHIPMENT_ANSWERED))
                .map(OrderHistoryEntry::at)
                .findFirst();
    }

    /// The outages during which the order waited for the carrier.
    private List<OrderHistoryEntry> outages(StoredShipment stored, Optional<Instant> decidedAt) {
        return jdbc.sql(
                        """
                        SELECT opened_at, closed_at, last_open_at, last_open_at < now() - interval '2 minutes' AS stale
                        FROM carrier_outage
                        WHERE last_open_at >= :from AND opened_at <= coalesce(:until::timestamptz, now())
                        ORDER BY opened_at LIMIT :limit
                        """)
                .param("from", stored.createdAt().atOffset(ZoneOffset.UTC))
                .param("until", decidedAt.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
                .param("limit", MAX_OUTAGES)
                .query((row, _) -> outage(row))
                .list();
    }

    private static OrderHistoryEntry outage(ResultSet row) throws SQLException {
        var closedAt = findInstant(row, "closed_at");
        var end =
                closedAt == null && row.getBoolean("stale")
                        ? instant(row, "last_open_at")
                        : closedAt;
        return OrderHistoryEntry.of(
                        instant(row, "opened_at"),
                        "carrier",
                        "CARRIER_CIRCUIT_OPEN",
                        OrderHistoryOutcome.WAITING,
                        end == null
                                ? "The circuit breaker of the carrier is open; the shipment waits until the carrier responds."
                                : "The circuit breaker of the carrier was open; the shipment waited.")
                .until(end);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant findInstant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
