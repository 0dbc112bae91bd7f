package dev.orderflow.order.history;

import dev.orderflow.defaults.history.OperatorActionHistory;
import dev.orderflow.defaults.history.OrderHistory;
import dev.orderflow.defaults.history.OrderHistoryEntry;
import dev.orderflow.defaults.history.OrderHistoryMarks;
import dev.orderflow.defaults.history.OrderHistoryOutcome;
import dev.orderflow.defaults.history.OrderHistoryState;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.outbox.OutboxEventQueries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads the history of an order from the tables of this service.
@Component
class OrderHistoryQueries {

    private static final String SERVICE = "order-service";
    private static final String OPERATOR = "operator";

    /// The requests of people that leave no record of their own.
    private static final Map<String, String> OPERATOR_ACTIONS =
            Map.of(
                    "/internal/orders/{orderId}/workflow/start", "to start a missing workflow",
                    "/internal/outbox/parked/{orderId}/release",
                            "to publish the parked events again");

    private final JdbcClient jdbc;
    private final OutboxEventQueries outbox;
    private final OrderIncidents incidents;
    private final OperatorActionHistory operatorActions;

    OrderHistoryQueries(
            JdbcClient jdbc,
            OutboxEventQueries outbox,
            OrderIncidents incidents,
            OperatorActionHistory operatorActions) {
        this.operatorActions = operatorActions;
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.incidents = incidents;
    }

    private record StoredOrder(
            String state, @Nullable String reason, String total, Instant placedAt, int lines) {}

    /// @return empty when there is no such order
    Optional<OrderHistory> find(UUID orderId) {
        return findOrder(orderId)
                .map(
                        order -> {
                            var entries = new ArrayList<OrderHistoryEntry>();
                            entries.add(placed(order));
                            entries.addAll(operatorCancellations(orderId));
                            entries.addAll(timeline(orderId));
                            entries.addAll(approvals(orderId));
                            entries.addAll(workItems(orderId));
                            entries.addAll(operatorAccess(orderId));
                            entries.addAll(workflowCheck(orderId));
                            entries.addAll(unpublishedEvents(orderId));
                            entries.addAll(incidents.find(orderId));
                            entries.addAll(operatorActions.find(orderId, OPERATOR_ACTIONS));
                            return OrderHistory.of(List.of(state(order)), entries);
                        });
    }

    private Optional<StoredOrder> findOrder(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT state, rejection_reason, total_amount || ' ' || currency AS total, placed_at,
                               (SELECT count(*) FROM order_line WHERE order_id = orders.id) AS lines
                        FROM orders WHERE id = :order
                        """)
                .param("order", orderId)
                .query(
                        (row, _) ->
                                new StoredOrder(
                                        row.getString("state"),
                                        row.getString("rejection_reason"),
                                        row.getString("total"),
                                        instant(row, "placed_at"),
                                        row.getInt("lines")))
                .optional();
    }

    private static OrderHistoryState state(StoredOrder order) {
        return new OrderHistoryState(
                SERVICE,
                order.state(),
                "The order is %s%s."
                        .formatted(
                                order.state(),
                                order.reason() == null ? "" : " (" + order.reason() + ")"));
    }

    private static OrderHistoryEntry placed(StoredOrder order) {
        return OrderHistoryEntry.of(
                        order.placedAt(),
                        "customer",
                        "ORDER_PLACED",
                        OrderHistoryOutcome.DONE,
                        "The order was placed and OrderCreated was stored in the outbox: %d %s, %s."
                                .formatted(
                                        order.lines(),
                                        order.lines() == 1 ? "line" : "lines",
                                        order.total()))
                .marking(OrderHistoryMarks.published("OrderCreated"));
    }

    /// A work item has entries of its own.
    private List<OrderHistoryEntry> timeline(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT recorded_at, type, effect, state, detail
                        FROM order_timeline
                        WHERE order_id = :order AND type <> 'WorkItemOpened' ORDER BY id LIMIT :limit
                        """)
                .param("order", orderId)
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query((row, _) -> timelineEntry(row))
                .list();
    }

    private static OrderHistoryEntry timelineEntry(ResultSet row) throws SQLException {
        var type = row.getString("type");
        var state = row.getString("state");
        var detail = row.getString("detail");
        var effect = row.getString("effect");
        if (effect.equals("FLAGGED")) {
            return repairEntry(row, type, detail);
        }
        var entry =
                OrderHistoryEntry.of(
                        instant(row, "recorded_at"),
                        SERVICE,
                        type,
                        switch (effect) {
                            case "MOVED" ->
                                    state.equals("REJECTED")
                                            ? OrderHistoryOutcome.REFUSED
                                            : OrderHistoryOutcome.DONE;
                            case "LATE" -> OrderHistoryOutcome.REPEATED;
                            default -> OrderHistoryOutcome.FAILED;
                        },
                        switch (effect) {
                            case "MOVED" ->
                                    "%s moved the order to %s%s."
                                            .formatted(
                                                    type,
                                                    state,
                                                    detail == null ? "" : " (" + detail + ")");
                            case "LATE" ->
                                    "%s came late and changed nothing; the order is %s."
                                            .formatted(type, state);
                            default ->
                                    "%s contradicts the order, which is %s%s."
                                            .formatted(
                                                    type,
                                                    state,
                                                    detail == null ? "" : ": " + detail);
                        });
        return switch (type) {
            case "CancellationRequested" ->
                    entry.marking(OrderHistoryMarks.published("OrderCancellationRequested"));
            case "DispatchPermitted" -> entry.marking(OrderHistoryMarks.published(type));
            default -> entry.after(OrderHistoryMarks.published(type));
        };
    }

    /// A repair that order-service made.
    private static OrderHistoryEntry repairEntry(
            ResultSet row, String type, @Nullable String detail) throws SQLException {
        return OrderHistoryEntry.of(
                instant(row, "recorded_at"),
                SERVICE,
                type,
                OrderHistoryOutcome.DONE,
                type.equals("WorkflowStartedLate")
                        ? "The workflow was missing, so it was started."
                        : "%s%s."
                                .formatted(
                                        type,
                                        detail == null ? "" : ": " + withoutFullStop(detail)));
    }

    private List<OrderHistoryEntry> approvals(UUID orderId) {
        return jdbc
                .sql(
                        """
                        SELECT recorded_at, action, decision, decided_by, decided_by_name
                        FROM approval_audit WHERE order_id = :order ORDER BY id LIMIT :limit
                        """)
                .param("order", orderId)
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query((row, _) -> approvalEntry(row))
                .list()
                .stream()
                .map(entry -> entry.withLink("/internal/approvals/" + orderId))
                .toList();
    }

    private static OrderHistoryEntry approvalEntry(ResultSet row) throws SQLException {
        var at = instant(row, "recorded_at");
        var decision = row.getString("decision");
        return switch (row.getString("action")) {
            case "REQUESTED" ->
                    OrderHistoryEntry.of(
                                    at,
                                    SERVICE,
                                    "APPROVAL_REQUESTED",
                                    OrderHistoryOutcome.WAITING,
                                    "The order is above the limit and waits for an approval.")
                            .after(OrderHistoryMarks.APPROVAL_REQUESTED);
            case "DECIDED" -> decisionEntry(row, at, decision);
            case "COMPLETED" ->
                    OrderHistoryEntry.of(
                            at,
                            SERVICE,
                            "APPROVAL_COMPLETED",
                            OrderHistoryOutcome.DONE,
                            "The workflow took the decision %s.".formatted(decision));
            case "TASK_ENDED" ->
                    OrderHistoryEntry.of(
                            at,
                            SERVICE,
                            "APPROVAL_TASK_ENDED",
                            OrderHistoryOutcome.UNKNOWN,
                            "The workflow's task had ended when the decision %s was sent again, perhaps because it took an earlier attempt."
                                    .formatted(decision));
            case "ENDED_UNDECIDED" ->
                    OrderHistoryEntry.of(
                            at,
                            SERVICE,
                            "APPROVAL_ENDED_UNDECIDED",
                            OrderHistoryOutcome.DONE,
                            "The approval ended without a decision, because the order is final.");
            default ->
                    OrderHistoryEntry.of(
                            at,
                            SERVICE,
                            "APPROVAL_TOKEN_EXPIRED",
                            OrderHistoryOutcome.FAILED,
                            "The workflow no longer waits for the decision %s: its task token has expired."
                                    .formatted(decision));
        };
    }

    /// Only an operator's decision has a name; the system decides when the customer cancels.
    private static OrderHistoryEntry decisionEntry(
            ResultSet row, Instant at, @Nullable String decision) throws SQLException {
        var operator = row.getString("decided_by_name");
        return OrderHistoryEntry.of(
                        at,
                        operator == null ? SERVICE : OPERATOR,
                        "APPROVAL_DECIDED",
                        "REJECT".equals(decision)
                                ? OrderHistoryOutcome.REFUSED
                                : OrderHistoryOutcome.DONE,
                        operator == null
                                ? "The %s cancelled, so the approval was decided %s."
                                        .formatted(row.getString("decided_by"), decision)
                                : "%s decided %s about the approval.".formatted(operator, decision))
                .marking(OrderHistoryMarks.APPROVAL_ANSWERED);
    }

    private List<OrderHistoryEntry> workItems(UUID orderId) {
        return jdbc
                .sql(
                        """
                        SELECT id, kind, reason, opened_at, resolved_at, resolved_by, resolved_by_name
                        FROM work_item WHERE order_id = :order ORDER BY opened_at, id LIMIT :limit
                        """)
                .param("order", orderId)
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query((row, _) -> workItemEntries(row))
                .list()
                .stream()
                .flatMap(entries -> entries)
                .toList();
    }

    private static Stream<OrderHistoryEntry> workItemEntries(ResultSet row) throws SQLException {
        var id = row.getString("id");
        var resolvedAt = row.getObject("resolved_at", OffsetDateTime.class);
        var opened =
                OrderHistoryEntry.of(
                                instant(row, "opened_at"),
                                SERVICE,
                                "WORK_ITEM_OPENED",
                                OrderHistoryOutcome.WAITING,
                                "The work item %s was opened: %s."
                                        .formatted(
                                                row.getString("kind"),
                                                withoutFullStop(row.getString("reason"))))
                        .until(resolvedAt == null ? null : resolvedAt.toInstant())
                        .withId("workItemId", id)
                        .withLink("/internal/work-items/" + id);
        if (resolvedAt == null) {
            return Stream.of(opened);
        }
        var operator = row.getString("resolved_by_name");
        return Stream.of(
                opened,
                OrderHistoryEntry.of(
                                resolvedAt.toInstant(),
                                operator == null ? SERVICE : OPERATOR,
                                "WORK_ITEM_RESOLVED",
                                OrderHistoryOutcome.DONE,
                                operator == null
                                        ? "The work item %s was resolved automatically: %s."
                                                .formatted(
                                                        row.getString("kind"),
                                                        row.getString("resolved_by"))
                                        : "The work item %s was resolved by %s."
                                                .formatted(row.getString("kind"), operator))
                        .withId("workItemId", id)
                        .withLink("/internal/work-items/" + id));
    }

    private static String withoutFullStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    /// Reads are left out: they change nothing. The log does not say how a request was answered;
    /// it was refused if the order was never cancelled.
    private List<OrderHistoryEntry> operatorAccess(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT operator, accessed_at,
                               EXISTS (SELECT 1 FROM order_timeline
                                        WHERE order_timeline.order_id = operator_access_log.order_id
                                          AND type = 'CancellationRequested') AS cancelled
                        FROM operator_access_log
                        WHERE order_id = :order AND action = 'CANCEL' ORDER BY id LIMIT :limit
                        """)
                .param("order", orderId)
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query(
                        (row, _) ->
                                OrderHistoryEntry.of(
                                        instant(row, "accessed_at"),
                                        OPERATOR,
                                        "CANCELLATION_BY_PROGRAM",
                                        row.getBoolean("cancelled")
                                                ? OrderHistoryOutcome.DONE
                                                : OrderHistoryOutcome.REFUSED,
                                        "The program %s requested the cancellation on behalf of the customer."
                                                .formatted(row.getString("operator"))))
                .list();
    }

    private List<OrderHistoryEntry> operatorCancellations(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT requested_at, requested_by, requested_by_name, reason, result
                        FROM operator_cancellation WHERE order_id = :order ORDER BY id LIMIT :limit
                        """)
                .param("order", orderId)
                .param("limit", OrderHistory.MAX_ENTRIES)
                .query((row, _) -> operatorCancellation(row))
                .list();
    }

    private static OrderHistoryEntry operatorCancellation(ResultSet row) throws SQLException {
        var result = row.getString("result");
        return OrderHistoryEntry.of(
                        instant(row, "requested_at"),
                        OPERATOR,
                        "CANCELLATION_BY_OPERATOR",
                        switch (result) {
                            case "ACCEPTED" -> OrderHistoryOutcome.DONE;
                            case "ALREADY_CANCELLED" -> OrderHistoryOutcome.REPEATED;
                            default -> OrderHistoryOutcome.REFUSED;
                        },
                        "%s requested the cancellation on behalf of the customer, because: %s. %s"
                                .formatted(
                                        row.getString("requested_by_name"),
                                        withoutFullStop(row.getString("reason")),
                                        switch (result) {
                                            case "ACCEPTED" -> "It was accepted.";
                                            case "ALREADY_CANCELLED" ->
                                                    "The order had been cancelled before.";
                                            default -> "It was too late.";
                                        }))
                .withId("operator", row.getString("requested_by"));
    }

    /// The start of a missing workflow has an entry in the timeline.
    private List<OrderHistoryEntry> workflowCheck(UUID orderId) {
        return jdbc.sql(
                        """
                        SELECT execution_status, checked_at
                        FROM workflow_check
                        WHERE order_id = :order AND execution_status <> 'STARTED'
                        """)
                .param("order", orderId)
                .query((row, _) -> workflowCheckEntry(row))
                .list();
    }

    private static OrderHistoryEntry workflowCheckEntry(ResultSet row) throws SQLException {
        return OrderHistoryEntry.of(
                instant(row, "checked_at"),
                SERVICE,
                "WORKFLOW_CHECKED",
                OrderHistoryOutcome.DONE,
                "The workflow had reported nothing; Step Functions says that it is %s."
                        .formatted(row.getString("execution_status")));
    }

    private List<OrderHistoryEntry> unpublishedEvents(UUID orderId) {
        return outbox.findUnpublished(orderId.toString()).stream()
                .map(OrderHistoryQueries::unpublishedEntry)
                .toList();
    }

    private static OrderHistoryEntry unpublishedEntry(OutboxEventQueries.UnpublishedEvent event) {
        return OrderHistoryEntry.of(
                        event.since(),
                        "outbox",
                        "EVENT_" + event.state(),
                        switch (event.state()) {
                            case WAITING, RETRYING, SCHEDULED -> OrderHistoryOutcome.WAITING;
                            case PARKED, DISCARDED -> OrderHistoryOutcome.FAILED;
                        },
                        switch (event.state()) {
                            case WAITING ->
                                    "%s waits in the outbox to be published."
                                            .formatted(event.type());
                            case SCHEDULED ->
                                    "%s is published at %s."
                                            .formatted(event.type(), event.nextAttempt());
                            case RETRYING ->
                                    "%s was not published (%s) and is sent again at %s."
                                            .formatted(
                                                    event.type(),
                                                    event.reason(),
                                                    event.nextAttempt());
                            case PARKED ->
                                    "%s is parked after %d attempts (%s) until an operator releases it."
                                            .formatted(
                                                    event.type(), event.attempts(), event.reason());
                            case DISCARDED ->
                                    "%s was discarded by an operator and is never published."
                                            .formatted(event.type());
                        })
                .withId("eventId", event.eventId())
                .withLink("/internal/outbox/parked");
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
