package dev.orderflow.defaults.idempotency;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
/// [#executeOnce] adds two round trips: one claims the key and finds an earlier response, the other
/// stores the response. Both are in the transaction of the operation, so that after a crash the key
/// is unused. [#insertOnce] does all that, the operation included, with one statement, for
/// operations that only insert. Its table:
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
        var earlier = findResponseToInvalidBody(scope, key, body);
        if (earlier.isPresent()) {
            return earlier.get();
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

    /// Executes a request that only inserts, with one statement that is its own transaction: it
    /// acquires the key or finds the earlier response, inserts, and stores the response. It makes
    /// one round trip.
    ///
    /// `work` is called first, for a repeated request too, whose result is then dropped. So it
    /// changes nothing; it may read, outside of a transaction. When it throws, the key decides: a
    /// request that was answered before gets the same response again, and only otherwise the
    /// exception is thrown.
    ///
    /// @param scope as for [#executeOnce]
    /// @param body as for [#executeOnce]
    /// @param work decides what is inserted, and the response; an exception refuses the request and
    ///     leaves the key unused
    /// @return the response, with its body written as JSON
    public <T> ResponseEntity<byte[]> insertOnce(
            String scope,
            IdempotencyKey key,
            IdempotentBody<T> body,
            Function<T, InsertsWithResponse> work) {
        var earlier = findResponseToInvalidBody(scope, key, body);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        var value = body.value();
        InsertsWithResponse request;
        try {
            request = work.apply(value);
        } catch (RuntimeException failure) {
            return findEarlierResponse(claim(scope, key), body.fingerprint())
                    .orElseThrow(() -> failure);
        }
        var response = StoredResponse.of(request.response(), json);
        var claim = insert(scope, key, body.fingerprint(), response, request.inserts());
        return findEarlierResponse(claim, body.fingerprint())
                .orElseGet(
                        () -> {
                            request.inserts().forEach(insert -> insert.afterCommit().run());
                            return response.toResponse();
                        });
    }

    private KeyClaim insert(
            String scope,
            IdempotencyKey key,
            RequestFingerprint fingerprint,
            StoredResponse response,
            List<ConditionalInsert> inserts) {
        var parameters = responseParameters(scope, key, fingerprint, response);
        inserts.forEach(insert -> parameters.putAll(insert.parameters()));
        var statement = InsertStatement.of(inserts);
        return jdbc.sql(statement.sql())
                .params(statement.values(parameters))
                .query((row, _) -> KeyClaim.from(row))
                .single();
    }

    private Optional<ResponseEntity<byte[]>> findResponseToInvalidBody(
            String scope, IdempotencyKey key, IdempotentBody<?> body) {
        return body.isInvalid()
                ? findStoredResponse(scope, key)
                        .filter(earlier -> earlier.first().equals(body.fingerprint()))
                        .map(earlier -> earlier.answer().toReplayedResponse())
                : Optional.empty();
    }

    private Optional<KeyClaim.AlreadyAnswered> findStoredResponse(
            String scope, IdempotencyKey key) {
        return withKey(IdempotencyKeySql.FIND_EARLIER, scope, key)
                .query((row, _) -> KeyClaim.AlreadyAnswered.from(row))
                .optional();
    }

    private ResponseEntity<byte[]> claimAndExecute(
            String scope,
            IdempotencyKey key,
            RequestFingerprint fingerprint,
            Supplier<ResponseEntity<?>> work) {
        return findEarlierResponse(claim(scope, key), fingerprint)
                .orElseGet(
                        () -> {
                            var answer = StoredResponse.of(work.get(), json);
                            if (!store(scope, key, fingerprint, answer)) {
                                // Another request stored its response between the query and the
                                // lock.
                                throw IdempotencyKey.inFlight(RETRY_AFTER);
                            }
                            return answer.toResponse();
                        });
    }

    /// @return empty if the request has acquired the key
    private static Optional<ResponseEntity<byte[]>> findEarlierResponse(
            KeyClaim claim, RequestFingerprint fingerprint) {
        return switch (claim) {
            case KeyClaim.KeyInUse _ -> throw IdempotencyKey.inFlight(RETRY_AFTER);
            case KeyClaim.AlreadyAnswered(var first, var _) when !first.equals(fingerprint) ->
                    throw IdempotencyKey.reused();
            case KeyClaim.AlreadyAnswered(var _, var answer) ->
                    Optional.of(answer.toReplayedResponse());
            case KeyClaim.KeyAcquired _ -> Optional.empty();
        };
    }

    private KeyClaim claim(String scope, IdempotencyKey key) {
        return withKey(IdempotencyKeySql.CLAIM, scope, key)
                .query((row, _) -> KeyClaim.from(row))
                .single();
    }

    private boolean store(
            String scope,
            IdempotencyKey key,
            RequestFingerprint fingerprint,
            StoredResponse answer) {
        return jdbc.sql(IdempotencyKeySql.STORE)
                        .params(responseParameters(scope, key, fingerprint, answer))
                        .update()
                == 1;
    }

    private JdbcClient.StatementSpec withKey(String sql, String scope, IdempotencyKey key) {
        return jdbc.sql(sql).param("key_scope", scope).param("key_value", key.value());
    }

    private Map<String, @Nullable Object> responseParameters(
            String scope,
            IdempotencyKey key,
            RequestFingerprint fingerprint,
            StoredResponse response) {
        var parameters = new HashMap<String, @Nullable Object>();
        parameters.put("key_scope", scope);
        parameters.put("key_value", key.value());
        parameters.put("key_fingerprint", fingerprint.bytes());
        parameters.put("key_status", response.status());
        parameters.put("key_location", response.location());
        parameters.put("key_body", response.body());
        parameters.put("key_retention", retention.toSeconds());
        return parameters;
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

    /// Deletes responses whose retention has ended, the oldest first, in one transaction.
    ///
    /// @param limit the maximum number of responses to delete
    /// @return how many
    int deleteExpired(int limit) {
        // The outer condition is checked again when a request has replaced the row meanwhile.
        return jdbc.sql(
                        """
                        DELETE FROM idempotency_key WHERE expires_at <= now() AND (scope, key) IN (
                            SELECT scope, key FROM idempotency_key
                            WHERE expires_at <= now() ORDER BY expires_at LIMIT :limit)
                        """)
                .param("limit", limit)
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
