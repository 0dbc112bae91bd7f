package dev.orderflow.defaults.idempotency;

import dev.orderflow.defaults.problem.Problem;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/// Does the work of a request once for each key and answers a repeat as the first time.
///
/// Two round trips besides the work's own: one that claims the key and finds an earlier answer, one
/// that
/// stores the answer. Both are in the transaction of the work, so a crash leaves the key free. Its
/// table:
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
/// Refusals, as problems: 409 `request-in-flight` with `Retry-After` while the first one is at
/// work, 422
/// `idempotency-key-reused` when the key came with another request.
public final class IdempotentRequests {

    /// Marks an answer that was stored, not made.
    public static final String REPLAYED_HEADER = "Idempotency-Replayed";

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

    /// Does the work, or repeats the answer it had.
    ///
    /// @param scope whose key it is and for what, for example `POST /orders by cust-1842`: the same
    ///     key in
    ///     another scope is another key
    /// @param body what was asked. One that is refused is still answered as the first time if it
    ///     was accepted once, by a release with other rules: the caller must not take it for undone
    /// @param work runs in the transaction; what it throws undoes everything and stores nothing
    /// @return the work's answer, its body already written as JSON
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
            throw new IllegalStateException("the transaction gave no answer");
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
            case KeyClaim.KeyInUse _ -> throw requestInFlight();
            case KeyClaim.AlreadyAnswered(var first, var _) when !first.equals(fingerprint) ->
                    throw keyReused();
            case KeyClaim.AlreadyAnswered(var _, var answer) -> answer.toReplayedResponse();
            case KeyClaim.KeyAcquired _ -> {
                var answer = StoredResponse.of(work.get(), json);
                if (!store(scope, key, fingerprint, answer)) {
                    // Another one answered between our look and our lock.
                    throw requestInFlight();
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

    /// Forgets what was asked in a scope, for example because it tells of a person, and that alone:
    /// the keys stay used, so whoever repeats a request is told `idempotency-key-reused` instead of
    /// having it done a second time.
    ///
    /// @return how many requests
    public int forgetFingerprints(String scope) {
        return jdbc.sql(
                        """
                        UPDATE idempotency_key SET fingerprint = :nothing
                         WHERE scope = :scope AND fingerprint <> :nothing
                        """)
                .param("nothing", RequestFingerprint.FORGOTTEN.bytes())
                .param("scope", scope)
                .update();
    }

    /// Forgets the answers whose retention has ended.
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

    private static Problem requestInFlight() {
        return Problem.of(HttpStatus.CONFLICT, "request-in-flight", "Request in flight")
                .detail("The first request with this key is still at work.")
                .retryAfter(Duration.ofSeconds(1));
    }

    private static Problem keyReused() {
        return Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "idempotency-key-reused",
                        "Idempotency-Key reused")
                .detail("This key came before with another request. Use a new one.");
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
