package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.database.IntervalSeconds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The table of redrives. Leases expire on the database's clock.
@Component
class Redrives {

    /// Longer than any step between two calls of [#saveProgress].
    private static final Duration LEASE = Duration.ofMinutes(2);

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<List<Redrive.RedriveReason>> REASONS =
            new TypeReference<>() {};

    private final JdbcClient jdbc;

    Redrives(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Stores a running redrive with the lease of its target.
    ///
    /// @return false when another redrive runs on the target
    boolean begin(UUID id, RedriveTask task) {
        abandonExpired();
        try {
            jdbc.sql(
                            """
                            INSERT INTO redrive (id, target, action, requested_by, requested_by_name, reason, selection,
                                                 task, plan_id, lease_expires_at)
                            VALUES (:id, :target, :action, :operator, :name, :reason, :selection, CAST(:task AS jsonb), :plan,
                                    now() + make_interval(secs => :lease))
                            """)
                    .param("id", id)
                    .param("target", task.target())
                    .param("action", task.action().name())
                    .param("operator", task.operator().subject())
                    .param("name", task.operator().name())
                    .param("reason", task.reason())
                    .param("selection", task.selection().describe())
                    .param("task", StoredRedriveTask.write(task))
                    .param("plan", task.planId().orElse(null))
                    .param("lease", IntervalSeconds.of(LEASE))
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    /// An item that was processed.
    ///
    /// @param sent what was sent, when it was redriven
    record ProcessedItem(
            String id, ItemResult result, Optional<UUID> orderId, Optional<SentItem> sent) {}

    /// The counts of a redrive so far.
    record RedriveCounts(
            int done,
            int skipped,
            int blocked,
            int failed,
            boolean canaryPassed,
            OutcomeReasons reasons) {}

    /// Renews the lease, and stores the progress and the result of an item. An item that was
    /// processed while the redrive was paused or cancelled is stored, too.
    ///
    /// @param item what was processed; empty when nothing was
    /// @return false when this run may not continue
    boolean saveProgress(
            UUID id, int runNumber, RedriveCounts progress, Optional<ProcessedItem> item) {
        var sent = item.flatMap(ProcessedItem::sent);
        return jdbc.sql(
                                """
                                WITH progress AS (
                                    UPDATE redrive
                                       SET done = :done, skipped = :skipped, blocked = :blocked, failed = :failed,
                                           canary_passed = :canaryPassed, reasons = CAST(:reasons AS jsonb),
                                           lease_expires_at = now() + make_interval(secs => :lease)
                                     WHERE id = :id AND state IN ('RUNNING', 'PAUSED', 'CANCELLED') AND run_number = :run
                                    RETURNING id, state),
                                item AS (
                                    INSERT INTO redrive_item
                                           (redrive_id, item_id, result, order_id, sent_id, sent_to, type, next_check_at)
                                    SELECT id, :item, :result, :order, :sentId, :sentTo, :type,
                                           CASE WHEN :result = 'WAITING' THEN now() END
                                      FROM progress WHERE :item::text IS NOT NULL
                                    ON CONFLICT ON CONSTRAINT redrive_item_key
                                    DO UPDATE SET result = excluded.result, sent_id = excluded.sent_id,
                                                  sent_to = excluded.sent_to, type = excluded.type,
                                                  next_check_at = excluded.next_check_at, recorded_at = now())
                                SELECT count(*) FROM progress WHERE state = 'RUNNING'
                                """)
                        .param("id", id)
                        .param("run", runNumber)
                        .param("done", progress.done())
                        .param("skipped", progress.skipped())
                        .param("blocked", progress.blocked())
                        .param("failed", progress.failed())
                        .param("canaryPassed", progress.canaryPassed())
                        .param("reasons", JSON.writeValueAsString(progress.reasons().list()))
                        .param("lease", IntervalSeconds.of(LEASE))
                        .param("item", item.map(ProcessedItem::id).orElse(null))
                        .param("result", item.map(it -> it.result().name()).orElse(null))
                        .param("order", item.flatMap(ProcessedItem::orderId).orElse(null))
                        .param("sentId", sent.map(SentItem::sentId).orElse(null))
                        .param("sentTo", sent.map(SentItem::sentTo).orElse(null))
                        .param("type", sent.map(SentItem::type).orElse(null))
                        .query(Long.class)
                        .single()
                == 1;
    }

    /// Ends a run.
    ///
    /// @return false when it was paused, cancelled or continued elsewhere before
    boolean end(UUID id, int runNumber, Redrive.RedriveState state, String note) {
        return jdbc.sql(
                                """
                                UPDATE redrive SET state = :state, ended_at = now(), note = nullif(:note, '')
                                 WHERE id = :id AND state = 'RUNNING' AND run_number = :run
                                """)
                        .param("id", id)
                        .param("run", runNumber)
                        .param("state", state.name())
                        .param("note", note)
                        .update()
                == 1;
    }

    /// Lets another instance continue a run at once.
    void releaseLease(UUID id, int runNumber) {
        jdbc.sql(
                        """
                        UPDATE redrive SET lease_expires_at = now()
                         WHERE id = :id AND state = 'RUNNING' AND run_number = :run
                        """)
                .param("id", id)
                .param("run", runNumber)
                .update();
    }

    /// Pauses a running redrive; its run notices it before its next item.
    ///
    /// @return false when it is not running
    boolean pause(UUID id) {
        return jdbc.sql("UPDATE redrive SET state = 'PAUSED' WHERE id = :id AND state = 'RUNNING'")
                        .param("id", id)
                        .update()
                == 1;
    }

    /// Ends a running or paused redrive.
    ///
    /// @return false when it has ended
    boolean cancel(UUID id, String note) {
        return jdbc.sql(
                                """
                                UPDATE redrive SET state = 'CANCELLED', ended_at = now(), note = :note
                                 WHERE id = :id AND state IN ('RUNNING', 'PAUSED')
                                """)
                        .param("id", id)
                        .param("note", note)
                        .update()
                == 1;
    }

    /// A redrive that continues with a new run.
    record ContinuedRedrive(Redrive redrive, int runNumber, Optional<StoredRedriveTask> task) {}

    /// Resumes a paused redrive with a new run of this instance.
    ///
    /// @return empty when it is not paused
    Optional<ContinuedRedrive> resume(UUID id) {
        return jdbc.sql(
                        """
                        UPDATE redrive
                           SET state = 'RUNNING', run_number = run_number + 1,
                               lease_expires_at = now() + make_interval(secs => :lease)
                         WHERE id = :id AND state = 'PAUSED' RETURNING *
                        """)
                .param("id", id)
                .param("lease", IntervalSeconds.of(LEASE))
                .query((row, _) -> continued(row))
                .optional();
    }

    /// Takes over redrives whose instances no longer renew their leases.
    List<ContinuedRedrive> takeOver(int limit) {
        return jdbc.sql(
                        """
                        UPDATE redrive
                           SET run_number = run_number + 1,
                               lease_expires_at = now() + make_interval(secs => :lease)
                         WHERE id IN (
                            SELECT id FROM redrive
                             WHERE state = 'RUNNING' AND lease_expires_at < now() AND task IS NOT NULL
                             ORDER BY started_at LIMIT :limit FOR UPDATE SKIP LOCKED)
                        RETURNING *
                        """)
                .param("lease", IntervalSeconds.of(LEASE))
                .param("limit", limit)
                .query((row, _) -> continued(row))
                .list();
    }

    private static ContinuedRedrive continued(ResultSet row) throws SQLException {
        return new ContinuedRedrive(
                redrive(row),
                row.getInt("run_number"),
                Optional.ofNullable(row.getString("task")).map(StoredRedriveTask::read));
    }

    /// The first item that a redrive sent.
    Optional<RedrivenItem> findFirstSent(UUID id) {
        return jdbc.sql(
                        """
                        SELECT item.*, redrive.target FROM redrive_item AS item JOIN redrive ON redrive.id = redrive_id
                         WHERE redrive_id = :id AND sent_id IS NOT NULL
                         ORDER BY recorded_at, item_id LIMIT 1
                        """)
                .param("id", id)
                .query((row, _) -> RedriveItems.item(row))
                .optional();
    }

    /// The items that a redrive has sent.
    Set<String> findSent(UUID id) {
        return jdbc.sql(
                        "SELECT item_id FROM redrive_item WHERE redrive_id = :id AND sent_id IS NOT NULL")
                .param("id", id)
                .query((row, _) -> row.getString("item_id"))
                .set();
    }

    /// The items that a redrive has processed.
    Set<String> findProcessed(UUID id) {
        return jdbc.sql("SELECT item_id FROM redrive_item WHERE redrive_id = :id")
                .param("id", id)
                .query((row, _) -> row.getString("item_id"))
                .set();
    }

    Optional<Redrive> find(UUID id) {
        abandonExpired();
        return jdbc.sql("SELECT * FROM redrive WHERE id = :id")
                .param("id", id)
                .query((row, _) -> redrive(row))
                .optional();
    }

    /// The running or paused redrive of a target.
    Optional<Redrive> findActive(String target) {
        return jdbc.sql(
                        "SELECT * FROM redrive WHERE target = :target AND state IN ('RUNNING', 'PAUSED')")
                .param("target", target)
                .query((row, _) -> redrive(row))
                .optional();
    }

    /// @param target empty for all
    List<Redrive> latest(Optional<String> target, int limit) {
        abandonExpired();
        return jdbc.sql(
                        """
                        SELECT * FROM redrive WHERE (:target::text IS NULL OR target = :target)
                         ORDER BY started_at DESC, id LIMIT :limit
                        """)
                .param("target", target.orElse(null))
                .param("limit", limit)
                .query((row, _) -> redrive(row))
                .list();
    }

    /// One that no instance has continued for minutes has no worker any more.
    private void abandonExpired() {
        jdbc.sql(
                        """
                        UPDATE redrive
                           SET state = 'ABANDONED', ended_at = now(),
                               note = 'its instance stopped renewing the lease; its messages become visible again after their visibility time-out'
                         WHERE state = 'RUNNING'
                           AND lease_expires_at < now() - CASE WHEN task IS NULL THEN interval '0' ELSE interval '5 minutes' END
                        """)
                .update();
    }

    private static Redrive redrive(ResultSet row) throws SQLException {
        return new Redrive(
                row.getObject("id", UUID.class),
                row.getString("target"),
                RedriveTask.RedriveAction.valueOf(row.getString("action")),
                row.getString("requested_by"),
                row.getString("requested_by_name"),
                row.getString("reason"),
                row.getString("selection"),
                Redrive.RedriveState.valueOf(row.getString("state")),
                row.getTimestamp("started_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("ended_at")).map(Timestamp::toInstant),
                row.getInt("done"),
                row.getInt("skipped"),
                row.getInt("blocked"),
                row.getInt("failed"),
                Optional.ofNullable(row.getString("note")),
                JSON.readValue(row.getString("reasons"), REASONS),
                Optional.ofNullable(row.getObject("plan_id", UUID.class)),
                row.getBoolean("canary_passed"));
    }
}
