package dev.orderflow.defaults.idempotency;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/// Executes a request once for each idempotency key and answers repeated requests with the stored
/// response.
///
/// It adds two round trips: one claims the key and finds an earlier response, the other stores the
/// response. Both are in the transaction of the operation, so that after a crash the key is unused.
/// Its table:
///
/// ```sql
/// CREATE TABLE idempotency_key (
///     scope       text        NOT NULL,
///     key         text        NOT NULL,
///     fingerprint bytea       NOT NULL,
///     status      int         NOT NULL,
///     location    text,
///     body        bytea       NOT NULL,
///     expires_at  timestamptz NOT NULL,
///     CONSTRAINT answered_once PRIMARY KEY (scope, key)
/// );
/// CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);
/// ```
///
/// Problems: 409 `request-in-flight` with `Retry-After` while the first request is in progress, and
/// 422 `idempotency-key-reused` if the key was used with a different request.
public final class IdempotentRequests {

    /// Marks a response that was stored earlier.
    public static final String REPLAYED_HEADER = "Idempotency-Replayed";

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final JsonMapper json;
    private final Duration retention;

    IdempotentRequests(
            JdbcClient jdbc,
            TransactionOperations transactions,
            JsonMapper json,
            Duration retention) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.json = json;
        this.retention = retention;
    }

    /// Executes the operation, or returns its stored response.
    ///
    /// @param scope the caller and the operation, for example `POST /orders by cust-1842`: the same
    ///     key in another scope is another key
    /// @param body the request body. An invalid body is answered with the stored response if an
    ///     earlier release accepted it: the caller must not conclude that the operation was not
    ///     executed
    /// @param work the operation, which runs in the transaction; an exception rolls everything back
    /// @return the response, with its body written as JSON
    public <T> ResponseEntity<byte[]> executeOnce(
            String scope,
            IdempotencyKey key,
            IdempotentBody<T> body,
            Function<T, ResponseEntity<?>> work) {
        if (body.isInvalid()) {
            var earlier = findStoredResponse(scope, key);
            if (earlier.isPresent() && earlier.get().first().equals(body.fingerprint())) {
                return earlier.get().answer().toReplayedResponse();
            }
        }
        var value = body.value();
        var answer =
                transactions.execute(
                        _ ->
                                claimAndExecute(
                                        scope, key, body.fingerprint(), () -> work.apply(value)));
        if (answer == null) {
            throw new IllegalStateException("the transaction returned no response");
        }
        return answer;
    }

    private Optional<KeyClaim.AlreadyAnswered> findStoredResponse(
            String scope, IdempotencyKey key) {
        return jdbc.sql(
                        """
                        SELECT fingerprint, status, location, body FROM idempotency_key
                        WHERE scope = :scope AND key = :key AND expires_at > now()
                        """)
                .param("scope", scope)
                .param("key", key.value())
                .query((row, _) -> KeyClaim.AlreadyAnswered.from(row))
                .optional();
    }

    private ResponseEntity<byte[]> claimAndExecute(
            String scope,
            IdempotencyKey key,
            RequestFingerprint fingerprint,
            Supplier<ResponseEntity<?>> work) {
        return switch (claim(scope, key)) {
            case KeyClaim.KeyInUse _ -> throw IdempotencyKey.inFlight(RETRY_AFTER);
            case KeyClaim.AlreadyAnswered(var first, var _) when !first.equals(fingerprint) ->
                    throw IdempotencyKey.reused();
            case KeyClaim.AlreadyAnswered(var _, var answer) -> answer.toReplayedResponse();
            case KeyClaim.KeyAcquired _ -> {
                var answer = StoredResponse.of(work.get(), json);
                if (!store(scope, key, fingerprint, answer)) {
                    // Another request stored its response between the query and the lock.
                    throw IdempotencyKey.inFlight(RETRY_AFTER);
                }
                yield answer.toResponse();
            }
        };
    }

    private KeyClaim claim(String scope, IdempotencyKey key) {
        return jdbc.sql(
                        """
                        WITH claim AS (
                            SELECT pg_try_advisory_xact_lock(hashtextextended(:scope || E'\\n' || :key, 0)) AS won
                        )
                        SELECT claim.won, first.fingerprint, first.status, first.location, first.body
                        FROM claim
                        LEFT JOIN idempotency_key first
                               ON first.scope = :scope AND first.key = :key AND first.expires_at > now()
                        """)
                .param("scope", scope)
                .param("key", key.value())
                .query((row, _) -> KeyClaim.from(row))
                .single();
    }

    private boolean store(
            String scope,
            IdempotencyKey key,
            RequestFingerprint fingerprint,
            StoredResponse answer) {
        return jdbc.sql(
                                """
                                INSERT INTO idempotency_key AS k
                                       (scope, key, fingerprint, status, location, body, expires_at)
                                VALUES (:scope, :key, :fingerprint, :status, :location, :body,
                                        now() + make_interval(secs => :retention))
                                ON CONFLICT (scope, key) DO UPDATE
                                   SET fingerprint = excluded.fingerprint, status = excluded.status,
                                       location = excluded.location, body = excluded.body,
                                       expires_at = excluded.expires_at
                                 WHERE k.expires_at <= now()
                                """)
                        .param("scope", scope)
                        .param("key", key.value())
                        .param("fingerprint", fingerprint.bytes())
                        .param("status", answer.status())
                        .param("location", answer.location())
                        .param("body", answer.body())
                        .param("retention", (double) retention.toSeconds())
                        .update()
                == 1;
    }

    /// Erases the fingerprints of a scope, for example because they were computed from personal
    /// data. The keys stay used: a repeated request is answered with `idempotency-key-reused` and
    /// not executed again.
    ///
    /// @return the number of requests
    public int eraseFingerprints(String scope) {
        return jdbc.sql(
                        """
                        UPDATE idempotency_key SET fingerprint = :erased
                         WHERE scope = :scope AND fingerprint <> :erased
                        """)
                .param("erased", RequestFingerprint.ERASED.bytes())
                .param("scope", scope)
                .update();
    }

    /// Deletes up to 10,000 responses whose retention has ended.
    ///
    /// @return how many
    int deleteExpired() {
        return jdbc.sql(
                        """
                        DELETE FROM idempotency_key WHERE (scope, key) IN (
                            SELECT scope, key FROM idempotency_key
                            WHERE expires_at <= now() ORDER BY expires_at LIMIT 10000)
                        """)
                .update();
    }

    private sealed interface KeyClaim {

        record KeyAcquired() implements KeyClaim {}

        record KeyInUse() implements KeyClaim {}

        record AlreadyAnswered(RequestFingerprint first, StoredResponse answer)
                implements KeyClaim {

            static AlreadyAnswered from(ResultSet row) throws SQLException {
                return new AlreadyAnswered(
                        RequestFingerprint.ofBytes(row.getBytes("fingerprint")),
                        new StoredResponse(
                                row.getInt("status"),
                                row.getString("location"),
                                row.getBytes("body")));
            }
        }

        static KeyClaim from(ResultSet row) throws SQLException {
            if (row.getBytes("fingerprint") != null) {
                return AlreadyAnswered.from(row);
            }
            return row.getBoolean("won") ? new KeyAcquired() : new KeyInUse();
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared, and never leaves this class
    private record StoredResponse(int status, @Nullable String location, byte[] body) {

        static StoredResponse of(ResponseEntity<?> made, JsonMapper json) {
            var location = made.getHeaders().getLocation();
            return new StoredResponse(
                    made.getStatusCode().value(),
                    location == null ? null : location.toString(),
                    made.getBody() == null ? new byte[0] : json.writeValueAsBytes(made.getBody()));
        }

        ResponseEntity<byte[]> toResponse() {
            return response().body(body);
        }

        ResponseEntity<byte[]> toReplayedResponse() {
            return response().header(REPLAYED_HEADER, "true").body(body);
        }

        private ResponseEntity.BodyBuilder response() {
            var response = ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON);
            return location == null ? response : response.location(URI.create(location));
        }
    }
}
