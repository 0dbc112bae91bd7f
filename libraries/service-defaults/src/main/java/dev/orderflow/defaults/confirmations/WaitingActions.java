package dev.orderflow.defaults.confirmations;

import dev.orderflow.defaults.operators.Operator;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `waiting_action`. Time limits and leases use the clock of the database.
public final class WaitingActions {

    /// Longer than the execution of any action.
    private static final Duration LEASE = Duration.ofMinutes(2);

    /// The outcome of an action that was executed.
    static final String DONE = "done";

    private final JdbcClient jdbc;
    private final ConfirmationProperties properties;

    WaitingActions(JdbcClient jdbc, ConfirmationProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /// Stores an action until a second person confirms it. A request that an operator repeats while
    /// it waits is stored once.
    ///
    /// An id belongs to one request for ever, because a second person confirms what was shown under
    /// it. The same request can be stored again under its id when its time limit is over, or when
    /// it was refused after a confirmation; it then needs a new confirmation.
    ///
    /// @param id the id of the action, if the same request of the operator does not wait yet
    /// @param request the parameters, as JSON
    /// @return the stored action; its request differs if the id belongs to another one
    public WaitingAction store(
            UUID id,
            String action,
            String target,
            String description,
            String request,
            Operator operator) {
        var repeated = findRepeated(action, request, operator);
        if (repeated.isPresent()) {
            return repeated.get();
        }
        jdbc.sql(
                        """
                        INSERT INTO waiting_action
                               (id, action, target, description, request, requested_by,
                                requested_by_name, expires_at)
                        VALUES (:id, :action, :target, :description, :request, :subject, :name,
                                now() + make_interval(secs => :limit))
                        ON CONFLICT (id) DO UPDATE
                           SET requested_by = excluded.requested_by,
                               requested_by_name = excluded.requested_by_name,
                               requested_at = now(), expires_at = excluded.expires_at,
                               confirmed_by = NULL, confirmed_by_name = NULL, confirmed_at = NULL,
                               outcome = NULL
                         WHERE waiting_action.action = excluded.action
                           AND waiting_action.request = excluded.request
                           AND (waiting_action.outcome <> :done
                                OR (waiting_action.confirmed_at IS NULL
                                    AND waiting_action.expires_at <= now()))
                        """)
                .param("id", id)
                .param("action", action)
                .param("target", target)
                .param("description", description)
                .param("request", request)
                .param("subject", operator.subject())
                .param("name", operator.name())
                .param("done", DONE)
                .param("limit", properties.timeLimit().toMillis() / 1000.0)
                .update();
        return find(id).orElseThrow();
    }

    /// 202 with the stored action: nothing was done yet.
    public static ResponseEntity<WaitingAction> respond(WaitingAction stored) {
        return ResponseEntity.accepted().body(stored);
    }

    private Optional<WaitingAction> findRepeated(String action, String request, Operator operator) {
        return jdbc.sql(
                        """
                        SELECT * FROM waiting_action
                         WHERE action = :action AND request = :request AND requested_by = :subject
                           AND outcome IS NULL AND confirmed_at IS NULL AND expires_at > now()
                         ORDER BY requested_at, id LIMIT 1
                        """)
                .param("action", action)
                .param("request", request)
                .param("subject", operator.subject())
                .query((row, _) -> read(row))
                .optional();
    }

    Optional<WaitingAction> find(UUID id) {
        return jdbc.sql("SELECT * FROM waiting_action WHERE id = :id")
                .param("id", id)
                .query((row, _) -> read(row))
                .optional();
    }

    /// The actions that can be confirmed or are being executed, the oldest first.
    List<WaitingAction> findWaiting(int limit) {
        return jdbc.sql(
                        """
                        SELECT * FROM waiting_action
                         WHERE outcome IS NULL AND (confirmed_at IS NOT NULL OR expires_at > now())
                         ORDER BY requested_at, id LIMIT :limit
                        """)
                .param("limit", limit)
                .query((row, _) -> read(row))
                .list();
    }

    /// Whether the time to confirm an action is over.
    boolean hasExpired(UUID id) {
        return jdbc.sql(
                        """
                        SELECT confirmed_at IS NULL AND expires_at <= now()
                          FROM waiting_action WHERE id = :id
                        """)
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    /// Confirms an action with the lease of its execution. An execution that was interrupted needs
    /// no further confirmation, see [#takeInterrupted].
    ///
    /// @return false when it is the operator's own, expired, completed or confirmed before
    boolean confirm(UUID id, Operator operator) {
        return jdbc.sql(
                                """
                                UPDATE waiting_action
                                   SET confirmed_by = :subject, confirmed_by_name = :name,
                                       confirmed_at = now(),
                                       lease_expires_at = now() + make_interval(secs => :lease)
                                 WHERE id = :id AND requested_by <> :subject
                                   AND confirmed_at IS NULL AND expires_at > now()
                                """)
                        .param("id", id)
                        .param("subject", operator.subject())
                        .param("name", operator.name())
                        .param("lease", LEASE.toSeconds())
                        .update()
                == 1;
    }

    /// Takes confirmed actions whose execution was interrupted, with a new lease.
    List<WaitingAction> takeInterrupted(int limit) {
        return jdbc.sql(
                        """
                        UPDATE waiting_action
                           SET lease_expires_at = now() + make_interval(secs => :lease)
                         WHERE id IN (
                            SELECT id FROM waiting_action
                             WHERE outcome IS NULL AND confirmed_at IS NOT NULL AND lease_expires_at < now()
                             ORDER BY confirmed_at LIMIT :limit FOR UPDATE SKIP LOCKED)
                        RETURNING *
                        """)
                .param("lease", LEASE.toSeconds())
                .param("limit", limit)
                .query((row, _) -> read(row))
                .list();
    }

    /// Ends an execution.
    ///
    /// @param outcome null when it has none: then the confirmation is over, too, and the action
    ///     waits for another one, until its time limit
    void endExecution(UUID id, @Nullable String outcome) {
        jdbc.sql(
                        """
                        UPDATE waiting_action
                           SET outcome = :outcome, lease_expires_at = NULL,
                               confirmed_by =
                                   CASE WHEN :outcome::text IS NOT NULL THEN confirmed_by END,
                               confirmed_by_name =
                                   CASE WHEN :outcome::text IS NOT NULL THEN confirmed_by_name END,
                               confirmed_at =
                                   CASE WHEN :outcome::text IS NOT NULL THEN confirmed_at END
                         WHERE id = :id AND outcome IS NULL
                        """)
                .param("id", id)
                .param("outcome", outcome)
                .update();
    }

    private static WaitingAction read(ResultSet row) throws SQLException {
        Timestamp confirmedAt = row.getTimestamp("confirmed_at");
        return new WaitingAction(
                row.getObject("id", UUID.class),
                row.getString("action"),
                row.getString("target"),
                row.getString("description"),
                row.getString("request"),
                row.getString("requested_by"),
                row.getString("requested_by_name"),
                row.getTimestamp("requested_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                row.getString("confirmed_by"),
                row.getString("confirmed_by_name"),
                confirmedAt == null ? null : confirmedAt.toInstant(),
                row.getString("outcome"));
    }
}
