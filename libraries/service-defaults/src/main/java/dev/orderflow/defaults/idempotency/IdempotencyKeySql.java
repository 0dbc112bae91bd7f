package dev.orderflow.defaults.idempotency;

/// The SQL of idempotency keys, from which the statements of [IdempotentRequests] are composed, so
/// that requests that are executed in one way exclude those that are executed in the other.
///
/// All parameters have types, because a statement may contain nothing else from which Postgres
/// could infer them.
final class IdempotencyKeySql {

    static final String FIND_EARLIER =
            """
            SELECT fingerprint, status, location, body FROM idempotency_key
             WHERE scope = CAST(:key_scope AS text) AND key = CAST(:key_value AS text) AND expires_at > now()\
            """;

    /// The relations `key_lock`, whose `won` says whether this transaction has the key's lock, and
    /// `earlier`, with the stored response if there is one.
    static final String WITH_LOCK_AND_EARLIER =
            """
            WITH key_lock AS (
                SELECT pg_try_advisory_xact_lock(
                           hashtextextended(CAST(:key_scope AS text) || E'\\n' || CAST(:key_value AS text), 0)) AS won
            ), earlier AS (
                %s)"""
                    .formatted(FIND_EARLIER);

    static final String CLAIM =
            WITH_LOCK_AND_EARLIER
                    + """

                    SELECT key_lock.won, earlier.fingerprint, earlier.status, earlier.location, earlier.body
                      FROM key_lock LEFT JOIN earlier ON true
                    """;

    /// Stores a response. A row whose retention has ended is replaced.
    static final String STORE = store("");

    private IdempotencyKeySql() {}

    /// @param source the `FROM` clause; a response is stored if it has a row
    static String store(String source) {
        return """
        INSERT INTO idempotency_key AS k (scope, key, fingerprint, status, location, body, expires_at)
        SELECT CAST(:key_scope AS text), CAST(:key_value AS text), CAST(:key_fingerprint AS bytea),
               CAST(:key_status AS int), CAST(:key_location AS text), CAST(:key_body AS bytea),
               now() + make_interval(secs => CAST(:key_retention AS bigint))
          %s
        ON CONFLICT (scope, key) DO UPDATE
           SET fingerprint = excluded.fingerprint, status = excluded.status,
               location = excluded.location, body = excluded.body,
               expires_at = excluded.expires_at
         WHERE k.expires_at <= now()\
        """
                .formatted(source);
    }
}
