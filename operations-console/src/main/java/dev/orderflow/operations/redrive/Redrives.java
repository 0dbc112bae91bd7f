package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.database.IntervalSeconds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
                                                 lease_expires_at)
                            VALUES (:id, :target, :action, :operator, :name, :reason, :selection,
                                    now() + make_interval(secs => :lease))
                            """)
                    .param("id", id)
                    .param("target", task.target())
                    .param("action", task.action().name())
                    .param("operator", task.operator().subject())
                    .param("name", task.operator().name())
                    .param("reason", task.reason())
                    .param("selection", task.selection().describe())
                    .param("lease", IntervalSeconds.of(LEASE))
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    /// Renews the lease and stores the progress.
    ///
    /// @return false when the lease was lost; the redrive must stop then
    boolean saveProgress(
            UUID id, int done, int skipped, int blocked, int failed, OutcomeReasons reasons) {
        return jdbc.sql(
                                """
                                UPDATE redrive
                                   SET done = :done, skipped = :skipped, blocked = :blocked, failed = :failed,
                                       reasons = CAST(:reasons AS jsonb),
                                       lease_expires_at = now() + make_interval(secs => :lease)
                                 WHERE id = :id AND state = 'RUNNING'
                                """)
                        .param("id", id)
                        .param("done", done)
                        .param("skipped", skipped)
                        .param("blocked", blocked)
                        .param("failed", failed)
                        .param("reasons", JSON.writeValueAsString(reasons.list()))
                        .param("lease", IntervalSeconds.of(LEASE))
                        .update()
                == 1;
    }

    void end(UUID id, Redrive.RedriveState state, String note) {
        jdbc.sql(
                        """
                        UPDATE redrive SET state = :state, ended_at = now(), note = nullif(:note, '')
                         WHERE id = :id AND state = 'RUNNING'
                        """)
                .param("id", id)
                .param("state", state.name())
                .param("note", note)
                .update();
    }

    Optional<Redrive> find(UUID id) {
        abandonExpired();
        return jdbc.sql("SELECT * FROM redrive WHERE id = :id")
                .param("id", id)
                .query((row, _) -> redrive(row))
                .optional();
    }

    Optional<Redrive> findRunning(String target) {
        return jdbc.sql("SELECT * FROM redrive WHERE target = :target AND state = 'RUNNING'")
                .param("target", target)
                .query((row, _) -> redrive(row))
                .optional();
    }

    List<Redrive> latest(int limit) {
        abandonExpired();
        return jdbc.sql("SELECT * FROM redrive ORDER BY started_at DESC, id LIMIT :limit")
                .param("limit", limit)
                .query((row, _) -> redrive(row))
                .list();
    }

    private void abandonExpired() {
        jdbc.sql(
                        """
                        UPDATE redrive
                           SET state = 'ABANDONED', ended_at = now(),
                               note = 'its instance stopped renewing the lease; its messages become visible again after their visibility time-out'
                         WHERE state = 'RUNNING' AND lease_expires_at < now()
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
                JSON.readValue(row.getString("reasons"), REASONS));
    }
}
