package dev.orderflow.operations.session;

import dev.orderflow.defaults.operators.Operator;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// The table `operator_session`. Both time limits use the clock of the database.
@Component
class OperatorSessions {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final SignInProperties properties;

    OperatorSessions(
            JdbcClient jdbc, TransactionOperations transactions, SignInProperties properties) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.properties = properties;
    }

    /// Stores a new session, and deletes those that have ended.
    void create(SessionSecret secret, Operator operator, SessionTokens tokens) {
        jdbc.sql(
                        """
                        DELETE FROM operator_session
                         WHERE expires_at <= now()
                            OR last_used_at <= now() - make_interval(secs => :idle)
                        """)
                .param("idle", properties.idleTimeLimit().toSeconds())
                .update();
        jdbc.sql(
                        """
                        INSERT INTO operator_session (id, subject, name, expires_at, tokens)
                        VALUES (:id, :subject, :name, now() + make_interval(secs => :lifetime), :tokens)
                        """)
                .param("id", secret.id())
                .param("subject", operator.subject())
                .param("name", operator.name())
                .param("lifetime", properties.sessionLifetime().toSeconds())
                .param("tokens", secret.encrypt(tokens.toJson()))
                .update();
    }

    /// Whether a session has not ended.
    boolean exists(SessionSecret secret) {
        return jdbc.sql(
                        """
                        SELECT EXISTS (SELECT FROM operator_session
                                        WHERE id = :id AND expires_at > now()
                                          AND last_used_at > now() - make_interval(secs => :idle))
                        """)
                .param("id", secret.id())
                .param("idle", properties.idleTimeLimit().toSeconds())
                .query(Boolean.class)
                .single();
    }

    /// The tokens of a session that has not ended.
    ///
    /// @param isUse whether a person uses it now; the time is stored once a minute at most
    Optional<SessionTokens> findTokens(SessionSecret secret, boolean isUse) {
        record StoredSession(byte[] tokens, boolean isUseStored) {}
        var session =
                jdbc.sql(
                                """
                                SELECT tokens, last_used_at > now() - interval '1 minute' AS use_stored
                                  FROM operator_session
                                 WHERE id = :id AND expires_at > now()
                                   AND last_used_at > now() - make_interval(secs => :idle)
                                """)
                        .param("id", secret.id())
                        .param("idle", properties.idleTimeLimit().toSeconds())
                        .query(
                                (row, _) ->
                                        new StoredSession(
                                                row.getBytes("tokens"),
                                                row.getBoolean("use_stored")))
                        .optional();
        if (isUse && session.isPresent() && !session.get().isUseStored()) {
            jdbc.sql("UPDATE operator_session SET last_used_at = now() WHERE id = :id")
                    .param("id", secret.id())
                    .update();
        }
        return session.map(stored -> SessionTokens.ofJson(secret.decrypt(stored.tokens())));
    }

    /// Replaces the tokens of a session, one request at a time: another request that needs new
    /// tokens meanwhile waits and gets the same ones.
    ///
    /// @param renewal returns the tokens to store; the same ones when they need no renewal
    /// @return empty when the session has ended
    Optional<SessionTokens> renewTokens(
            SessionSecret secret, UnaryOperator<SessionTokens> renewal) {
        return transactions.execute(
                _ -> {
                    var before =
                            jdbc.sql(
                                            "SELECT tokens FROM operator_session WHERE id = :id FOR UPDATE")
                                    .param("id", secret.id())
                                    .query((row, _) -> row.getBytes("tokens"))
                                    .optional()
                                    .map(stored -> SessionTokens.ofJson(secret.decrypt(stored)));
                    var after = before.map(renewal);
                    if (after.isPresent() && !after.equals(before)) {
                        jdbc.sql("UPDATE operator_session SET tokens = :tokens WHERE id = :id")
                                .param("id", secret.id())
                                .param("tokens", secret.encrypt(after.get().toJson()))
                                .update();
                    }
                    return after;
                });
    }

    void delete(SessionSecret secret) {
        jdbc.sql("DELETE FROM operator_session WHERE id = :id").param("id", secret.id()).update();
    }
}
