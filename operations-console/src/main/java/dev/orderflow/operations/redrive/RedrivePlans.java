package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.operators.Operator;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/// The stored plans of redrives. A plan that no redrive used is deleted after 30 days.
@Repository
public class RedrivePlans {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final JdbcClient jdbc;

    RedrivePlans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Stores a plan with all its items.
    ///
    /// @return the stored plan with its id
    @Transactional
    public RedrivePlan store(
            String target,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force,
            boolean complete,
            Operator operator,
            List<RedrivePlan.PlannedItem> items) {
        var id = begin(target, action, selection, force, Optional.empty(), operator);
        add(id, items);
        end(id, complete);
        return find(id).orElseThrow();
    }

    /// Stores a plan without items, which are added afterwards.
    ///
    /// @param indexedAt as in [RedrivePlan]
    /// @return its id
    public UUID begin(
            String target,
            RedriveTask.RedriveAction action,
            RedriveSelection selection,
            boolean force,
            Optional<Instant> indexedAt,
            Operator operator) {
        deleteOld();
        var id = UUID.randomUUID();
        jdbc.sql(
                        """
                        INSERT INTO redrive_plan (id, target, action, selection, force, complete, planned_by, planned_by_name,
                                                  indexed_at)
                        VALUES (:id, :target, :action, CAST(:selection AS jsonb), :force, false, :operator, :name, :indexed)
                        """)
                .param("id", id)
                .param("target", target)
                .param("action", action.name())
                .param("selection", JSON.writeValueAsString(StoredSelection.of(selection)))
                .param("force", force)
                .param("operator", operator.subject())
                .param("name", operator.name())
                .param(
                        "indexed",
                        indexedAt.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        return id;
    }

    /// Adds items to a plan that was begun.
    public void add(UUID id, List<RedrivePlan.PlannedItem> items) {
        jdbc.sql(
                        """
                        WITH plan AS (
                            UPDATE redrive_plan
                               SET item_count = item_count + cardinality(:ids::text[]), changed_at = now()
                             WHERE id = :plan
                            RETURNING item_count - cardinality(:ids::text[]) AS item_count)
                        INSERT INTO redrive_plan_item
                               (plan_id, item_id, position, order_id, type, order_state, planned_action, explanation)
                        SELECT :plan, item.id, plan.item_count + item.position, item.order_id, item.type, item.order_state,
                               item.planned_action, item.explanation
                          FROM plan,
                               unnest(:ids::text[], :orders::uuid[], :types::text[], :states::text[],
                                      :actions::text[], :explanations::text[]) WITH ORDINALITY
                               AS item (id, order_id, type, order_state, planned_action, explanation, position)
                        """)
                .param("plan", id)
                .param("ids", texts(items, RedrivePlan.PlannedItem::id))
                .param(
                        "orders",
                        texts(items, item -> item.orderId().map(UUID::toString).orElse(null)))
                .param("types", texts(items, RedrivePlan.PlannedItem::type))
                .param("states", texts(items, RedrivePlan.PlannedItem::orderState))
                .param("actions", texts(items, item -> item.plannedAction().name()))
                .param("explanations", texts(items, RedrivePlan.PlannedItem::explanation))
                .update();
    }

    /// Ends a plan that has all its items.
    ///
    /// @param complete whether all items of the target were read
    public void end(UUID id, boolean complete) {
        jdbc.sql(
                        """
                        UPDATE redrive_plan SET state = 'READY', complete = :complete, changed_at = now() WHERE id = :id
                        """)
                .param("complete", complete)
                .param("id", id)
                .update();
    }

    /// Ends a plan that could not be finished.
    ///
    /// @param note why, as text for operators
    public void fail(UUID id, String note) {
        jdbc.sql(
                        "UPDATE redrive_plan SET state = 'FAILED', note = :note, changed_at = now() WHERE id = :id")
                .param("note", note)
                .param("id", id)
                .update();
    }

    private static @Nullable String[] texts(
            List<RedrivePlan.PlannedItem> items,
            Function<RedrivePlan.PlannedItem, @Nullable String> value) {
        return items.stream().map(value).toArray(String[]::new);
    }

    private void deleteOld() {
        jdbc.sql(
                        """
                        DELETE FROM redrive_plan
                         WHERE planned_at < now() - interval '30 days'
                           AND NOT EXISTS (SELECT FROM redrive WHERE redrive.plan_id = redrive_plan.id)
                        """)
                .update();
    }

    /// Finds a plan with its first items, in the sequence in which they were read.
    public Optional<RedrivePlan> find(UUID id) {
        return jdbc.sql("SELECT * FROM redrive_plan WHERE id = :id")
                .param("id", id)
                .query((row, _) -> plan(row, countItems(id), findItems(id)))
                .optional();
    }

    private Map<PlannedAction, Integer> countItems(UUID id) {
        var counts = new EnumMap<PlannedAction, Integer>(PlannedAction.class);
        jdbc.sql(
                        """
                        SELECT planned_action, count(*) AS items FROM redrive_plan_item
                         WHERE plan_id = :id GROUP BY planned_action
                        """)
                .param("id", id)
                .query(
                        row -> {
                            counts.put(
                                    PlannedAction.valueOf(row.getString("planned_action")),
                                    row.getInt("items"));
                        });
        return counts;
    }

    private List<RedrivePlan.PlannedItem> findItems(UUID id) {
        return jdbc.sql(
                        "SELECT * FROM redrive_plan_item WHERE plan_id = :id ORDER BY position LIMIT :limit")
                .param("limit", RedrivePlan.MAX_ITEMS)
                .param("id", id)
                .query(
                        (row, _) ->
                                new RedrivePlan.PlannedItem(
                                        row.getString("item_id"),
                                        Optional.ofNullable(row.getObject("order_id", UUID.class)),
                                        row.getString("type"),
                                        row.getString("order_state"),
                                        PlannedAction.valueOf(row.getString("planned_action")),
                                        row.getString("explanation")))
                .list();
    }

    /// The redrives that ran a plan, the earliest first.
    public List<UUID> findRedrives(UUID planId) {
        return jdbc.sql("SELECT id FROM redrive WHERE plan_id = :plan ORDER BY started_at, id")
                .param("plan", planId)
                .query((row, _) -> row.getObject("id", UUID.class))
                .list();
    }

    private static RedrivePlan plan(
            ResultSet row, Map<PlannedAction, Integer> counts, List<RedrivePlan.PlannedItem> items)
            throws SQLException {
        return new RedrivePlan(
                row.getObject("id", UUID.class),
                row.getString("target"),
                RedriveTask.RedriveAction.valueOf(row.getString("action")),
                JSON.readValue(row.getString("selection"), StoredSelection.class).toSelection(),
                row.getBoolean("force"),
                row.getBoolean("complete"),
                row.getString("planned_by"),
                row.getString("planned_by_name"),
                row.getTimestamp("planned_at").toInstant(),
                RedrivePlan.RedrivePlanState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("note")),
                Optional.ofNullable(row.getTimestamp("indexed_at")).map(Timestamp::toInstant),
                row.getTimestamp("changed_at").toInstant(),
                row.getInt("item_count"),
                counts,
                items);
    }
}
