package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.database.IntervalSeconds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The items of redrives with their results.
@Repository
class RedriveItems {

    private final JdbcClient jdbc;

    RedriveItems(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Takes waiting items whose check is due, the longest due first, and postpones their next
    /// check by a part of their age, so that an item that waits long is checked rarely.
    List<RedrivenItem> takeDue(int limit, Duration lease) {
        return jdbc.sql(
                        """
                        WITH due AS (
                            SELECT redrive_id, item_id FROM redrive_item
                             WHERE result = 'WAITING' AND next_check_at <= now()
                             ORDER BY next_check_at LIMIT :limit FOR UPDATE SKIP LOCKED),
                        taken AS (
                            UPDATE redrive_item AS item
                               SET next_check_at = now() + make_interval(secs => :lease)
                              FROM due WHERE item.redrive_id = due.redrive_id AND item.item_id = due.item_id
                            RETURNING item.*)
                        SELECT taken.*, redrive.target FROM taken JOIN redrive ON redrive.id = redrive_id
                         ORDER BY recorded_at, item_id
                        """)
                .param("limit", limit)
                .param("lease", IntervalSeconds.of(lease))
                .query((row, _) -> item(row))
                .list();
    }

    static RedrivenItem item(ResultSet row) throws SQLException {
        return new RedrivenItem(
                row.getObject("redrive_id", UUID.class),
                row.getString("target"),
                row.getString("item_id"),
                Optional.ofNullable(row.getObject("order_id", UUID.class)),
                row.getString("sent_id"),
                row.getString("sent_to"),
                row.getString("type"),
                row.getTimestamp("recorded_at").toInstant());
    }

    /// Stores the result of an item. One that still waits is checked again after a tenth of the
    /// time since it was redriven.
    void storeResult(RedrivenItem item, ItemResult result) {
        jdbc.sql(
                        """
                        UPDATE redrive_item
                           SET result = :result,
                               next_check_at = CASE WHEN :result = 'WAITING'
                                   THEN now() + greatest(interval '1 second', (now() - recorded_at) / 10) END
                         WHERE redrive_id = :redrive AND item_id = :item AND result = 'WAITING'
                        """)
                .param("result", result.name())
                .param("redrive", item.redriveId())
                .param("item", item.id())
                .update();
    }

    int countResult(UUID redriveId, ItemResult result) {
        return jdbc.sql(
                        "SELECT count(*) FROM redrive_item WHERE redrive_id = :redrive AND result = :result")
                .param("redrive", redriveId)
                .param("result", result.name())
                .query(Integer.class)
                .single();
    }

    /// The items of a redrive and of its plan, by prediction and result.
    List<RedriveGrade.GradeGroup> countResults(Redrive redrive) {
        var missing = redrive.endedAt().isPresent() ? ItemResult.NOT_RUN : ItemResult.PENDING;
        return jdbc.sql(
                        """
                        SELECT planned.planned_action, coalesce(item.result, :missing) AS result, count(*) AS count,
                               (array_agg(coalesce(planned.item_id, item.item_id)
                                          ORDER BY planned.position, item.recorded_at, item.item_id))[1\\:20] AS ids
                          FROM (SELECT * FROM redrive_plan_item WHERE plan_id = CAST(:plan AS uuid)) AS planned
                          FULL JOIN (SELECT * FROM redrive_item WHERE redrive_id = :redrive) AS item
                               ON item.item_id = planned.item_id
                         GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
                        """)
                .param("missing", missing.name())
                .param("plan", redrive.planId().orElse(null))
                .param("redrive", redrive.id())
                .query(
                        (row, _) ->
                                new RedriveGrade.GradeGroup(
                                        Optional.ofNullable(row.getString("planned_action"))
                                                .map(PlannedAction::valueOf),
                                        ItemResult.valueOf(row.getString("result")),
                                        row.getInt("count"),
                                        List.of((String[]) row.getArray("ids").getArray())))
                .list();
    }
}
