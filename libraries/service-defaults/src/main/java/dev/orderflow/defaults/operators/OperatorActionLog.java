package dev.orderflow.defaults.operators;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `operator_action`: each request of an operator that may change something is recorded
/// before it is executed, and its response status afterwards. If it cannot be recorded, the request
/// fails. A row without a status is a request during which the instance stopped.
public final class OperatorActionLog {

    /// Texts of a path are cut off after it.
    private static final int LONGEST_SUBJECT = 500;

    /// Times that Postgres can store.
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

    /// The requests with the key of a request.
    private static final String SAME_KEY =
            """
            other.idempotency_key = request.idempotency_key
            AND other.performed_by = request.performed_by
            AND other.endpoint = request.endpoint
            AND lower(other.path) = lower(request.path)
            AND other.recorded_at > request.recorded_at - interval '24 hours'
            AND other.recorded_at < request.recorded_at + interval '24 hours'
            """;

    private final JdbcClient jdbc;

    public OperatorActionLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /// Records a request before it is executed. It is committed when this returns.
    ///
    /// @param endpoint the method and the pattern of the path
    /// @param path the path of the request
    /// @param action what the endpoint does
    /// @param subject what the request changes, until [OperatorRequest#describe] says more
    /// @param idempotencyKey the key with which the endpoint executes the request once
    public OperatorRequest recordRequest(
            Operator operator,
            String endpoint,
            String path,
            String action,
            String subject,
            @Nullable String idempotencyKey) {
        return new OperatorRequest(
                this,
                jdbc.sql(
                                """
                                INSERT INTO operator_action
                                       (performed_by, performed_by_name, endpoint, path, action, subject,
                                        idempotency_key)
                                VALUES (:operator, :name, :endpoint, :path, :action, :subject, :key)
                                RETURNING id
                                """)
                        .param("operator", operator.subject())
                        .param("name", operator.name())
                        .param("endpoint", endpoint)
                        .param("path", withoutAddresses(path))
                        .param("action", action)
                        .param("subject", storable(subject))
                        .param("key", idempotencyKey)
                        .query(Long.class)
                        .single());
    }

    void describe(long id, String subject, @Nullable String reason, @Nullable String detail) {
        jdbc.sql(
                        """
                        UPDATE operator_action SET subject = :subject, reason = :reason, detail = :detail
                         WHERE id = :id
                        """)
                .param("subject", storable(subject))
                .param("reason", reason)
                .param("detail", detail)
                .param("id", id)
                .update();
    }

    void recordResponse(long id, int status, boolean repeated) {
        jdbc.sql(
                        """
                        UPDATE operator_action SET response_status = :status, repeated = :repeated
                         WHERE id = :id
                        """)
                .param("status", status)
                .param("repeated", repeated)
                .param("id", id)
                .update();
    }

    /// The requests before a given one, the newest first.
    ///
    /// Several requests with one idempotency key are one action. A key stands for one request for
    /// at least a day. Listed is the first request that succeeded; else, when its response was
    /// repeated, the one that executed it without reporting that, with the repeated status; else
    /// the latest.
    ///
    /// @param subject only what was requested about it; empty for all
    /// @param before the time of an entry; empty to begin
    /// @param beforeId the id of an entry at that time
    public List<OperatorActionEntry> findBefore(
            Optional<String> subject, Optional<Instant> before, long beforeId, int limit) {
        return jdbc.sql(
                        """
                        SELECT id, recorded_at, performed_by, performed_by_name, action, subject, reason, detail,
                               CASE WHEN coalesce(response_status, 500) >= 500 AND id < replay_id
                                    THEN replay_status ELSE response_status END AS status
                          FROM operator_action AS request
                          LEFT JOIN LATERAL (
                               SELECT other.id AS replay_id, other.response_status AS replay_status
                                 FROM operator_action AS other
                                WHERE %1$s AND other.repeated
                                ORDER BY other.id LIMIT 1) AS replay ON true
                         WHERE (recorded_at, id) < (coalesce(CAST(:before AS timestamptz), 'infinity'), :id)
                           %2$s
                           AND NOT repeated
                           AND (idempotency_key IS NULL OR id = (
                                SELECT other.id FROM operator_action AS other
                                 WHERE %1$s AND NOT other.repeated
                                 ORDER BY CASE WHEN other.response_status BETWEEN 200 AND 299 THEN 1
                                               WHEN coalesce(other.response_status, 500) >= 500
                                                    AND other.id < replay_id THEN 2
                                               ELSE 3 END,
                                          CASE WHEN other.response_status BETWEEN 200 AND 299
                                               THEN other.id END,
                                          other.id DESC
                                 LIMIT 1))
                         ORDER BY recorded_at DESC, id DESC
                         LIMIT :limit
                        """
                                .formatted(
                                        SAME_KEY,
                                        subject.isPresent() ? "AND subject = :subject" : ""))
                .param(
                        "before",
                        before.map(time -> OffsetDateTime.ofInstant(time, ZoneOffset.UTC))
                                .orElse(null))
                .param("id", beforeId)
                .param("subject", subject.map(OperatorActionLog::storable).orElse(""))
                .param("limit", limit)
                .query((row, _) -> action(row))
                .list();
    }

    /// Whether Postgres can compare a time with that of a request.
    public static boolean isStorable(Instant time) {
        return time.isAfter(EARLIEST) && time.isBefore(LATEST);
    }

    private static OperatorActionEntry action(ResultSet row) throws SQLException {
        return new OperatorActionEntry(
                row.getLong("id"),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant(),
                row.getString("performed_by"),
                row.getString("performed_by_name"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("reason"),
                row.getString("detail"),
                row.getObject("status", Integer.class));
    }

    /// Postgres rejects NUL in text.
    private static String storable(String subject) {
        var anonymous = withoutAddresses(subject);
        return anonymous
                .substring(0, Math.min(anonymous.length(), LONGEST_SUBJECT))
                .replace('\0', '?');
    }

    /// No id contains `@`: a person has written the e-mail address of a customer in its place.
    private static String withoutAddresses(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(
                        segment ->
                                segment.contains("@") || segment.contains("%40")
                                        ? "(withheld)"
                                        : segment)
                .collect(Collectors.joining("/"));
    }
}
