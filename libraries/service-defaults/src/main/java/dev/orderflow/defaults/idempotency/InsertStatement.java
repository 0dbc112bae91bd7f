package dev.orderflow.defaults.idempotency;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Builds the statement of [IdempotentRequests#insertOnce] from its inserts.
///
/// Two requests with one key: the second one does not get the lock. If it gets the lock because the
/// first one has just committed, but does not see the first one's response because its own snapshot
/// is older, the unique key is violated, so it inserts nothing. Either way `won` is false. A row
/// whose retention has ended is replaced.
final class InsertStatement {

    /// All parameters have types, because the inserts may contain nothing from which Postgres could
    /// infer them.
    private static final String ACQUIRE_KEY =
            """
            WITH key_lock AS (
                SELECT pg_try_advisory_xact_lock(
                           hashtextextended(CAST(:key_scope AS text) || E'\\n' || CAST(:key_value AS text), 0)) AS won
            ), earlier AS (
                SELECT fingerprint, status, location, body FROM idempotency_key
                 WHERE scope = CAST(:key_scope AS text) AND key = CAST(:key_value AS text) AND expires_at > now()
            ), %s AS (
                INSERT INTO idempotency_key AS k (scope, key, fingerprint, status, location, body, expires_at)
                SELECT CAST(:key_scope AS text), CAST(:key_value AS text), CAST(:key_fingerprint AS bytea),
                       CAST(:key_status AS int), CAST(:key_location AS text), CAST(:key_body AS bytea),
                       now() + make_interval(secs => CAST(:key_retention AS bigint))
                  FROM key_lock WHERE won AND NOT EXISTS (SELECT FROM earlier)
                ON CONFLICT (scope, key) DO UPDATE
                   SET fingerprint = excluded.fingerprint, status = excluded.status,
                       location = excluded.location, body = excluded.body,
                       expires_at = excluded.expires_at
                 WHERE k.expires_at <= now()
                RETURNING 1)"""
                    .formatted(ConditionalInsert.CONDITION);

    private static final String RESULT =
            """

            SELECT EXISTS (SELECT FROM %s) AS won, earlier.fingerprint, earlier.status, earlier.location, earlier.body
              FROM key_lock LEFT JOIN earlier ON true
            """
                    .formatted(ConditionalInsert.CONDITION);

    /// One text for each kind of request of a service, so there are few.
    private static final Map<List<String>, String> TEXTS = new ConcurrentHashMap<>();

    private InsertStatement() {}

    static String of(List<ConditionalInsert> inserts) {
        return TEXTS.computeIfAbsent(
                inserts.stream().flatMap(insert -> Stream.of(insert.name(), insert.sql())).toList(),
                _ -> build(inserts));
    }

    private static String build(List<ConditionalInsert> inserts) {
        return inserts.stream()
                .map(insert -> ", %s AS (\n%s)".formatted(insert.name(), insert.sql()))
                .collect(Collectors.joining("", ACQUIRE_KEY, RESULT));
    }
}
