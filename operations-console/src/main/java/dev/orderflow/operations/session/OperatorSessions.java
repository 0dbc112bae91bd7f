package dev.orderflow.operations.session;

import dev.orderflow.defaults.operators.Operator;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The table `operator_session`. Time limits and leases use the clock of the database.
@Component
class OperatorSessions {

    private final JdbcClient jdbc;
    private final SignInProperties properties;

    OperatorSessions(JdbcClient jdbc, SignInProperties properties) {
        this.jdbc = jdbc;
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

    /// The tokens of a session as they are stored.
    ///
    /// @param encrypted differs after each renewal, which tells that they were replaced
    /// @param isRenewalPaused whether the issuer did not respond a short time ago
    record StoredTokens(SessionTokens tokens, byte[] encrypted, boolean isRenewalPaused) {}

    /// The tokens of a session that has not ended.
    ///
    /// @param isUse whether a person uses it now; the time is stored once a minute at most
    Optional<StoredTokens> findTokens(SessionSecret secret, boolean isUse) {
        record StoredSession(StoredTokens tokens, boolean isUseStored) {}
        var session =
                jdbc.sql(
                                """
                                SELECT tokens, next_renewal_at > now() AS renewal_paused,
                                       last_used_at > now() - interval '1 minute' AS use_stored
                                  FROM operator_session
                                 WHERE id = :id AND expires_at > now()
                                   AND last_used_at > now() - make_interval(secs => :idle)
                                """)
                        .param("id", secret.id())
                        .param("idle", properties.idleTimeLimit().toSeconds())
                        .query(
                                (row, _) ->
                                        new StoredSession(
                                                decrypt(
                                                        secret,
                                                        row.getBytes("tokens"),
                                                        row.getBoolean("renewal_paused")),
                                                row.getBoolean("use_stored")))
                        .optional();
        if (isUse && session.isPresent() && !session.get().isUseStored()) {
            jdbc.sql("UPDATE operator_session SET last_used_at = now() WHERE id = :id")
                    .param("id", secret.id())
                    .update();
        }
        return session.map(StoredSession::tokens);
    }

    private static StoredTokens decrypt(
            SessionSecret secret, byte[] encrypted, boolean isRenewalPaused) {
        return new StoredTokens(
                SessionTokens.ofJson(secret.decrypt(encrypted)), encrypted, isRenewalPaused);
    }

    /// Claims the renewal of these tokens for one request. The claim ends with the next call of
    /// [#storeRenewed], [#releaseRenewal] or [#pauseRenewal], or with its lease.
    ///
    /// @return false when another request has claimed it or has replaced the tokens, or when
    ///     renewals are paused
    boolean claimRenewal(SessionSecret secret, StoredTokens before, Duration lease) {
        return jdbc.sql(
                                """
                                UPDATE operator_session
                                   SET renewal_lease_expires_at =
                                       now() + make_interval(secs => :lease)
                                 WHERE id = :id AND tokens = :before
                                   AND renewal_lease_expires_at <= now()
                                   AND next_renewal_at <= now()
                                """)
                        .param("id", secret.id())
                        .param("before", before.encrypted())
                        .param("lease", lease.toSeconds())
                        .update()
                == 1;
    }

    /// Replaces the tokens of a session.
    ///
    /// @return false when the session has ended meanwhile, or another request has replaced them
    boolean storeRenewed(SessionSecret secret, StoredTokens before, SessionTokens after) {
        return jdbc.sql(
                                """
                                UPDATE operator_session
                                   SET tokens = :after, renewal_lease_expires_at = '-infinity'
                                 WHERE id = :id AND tokens = :before
                                """)
                        .param("id", secret.id())
                        .param("before", before.encrypted())
                        .param("after", secret.encrypt(after.toJson()))
                        .update()
                == 1;
    }

    /// Lets the next request try to renew these tokens.
    void releaseRenewal(SessionSecret secret, StoredTokens before) {
        pauseRenewal(secret, before, Duration.ZERO);
    }

    /// Lets no request try to renew these tokens for some time.
    void pauseRenewal(SessionSecret secret, StoredTokens before, Duration pause) {
        jdbc.sql(
                        """
                        UPDATE operator_session
                           SET renewal_lease_expires_at = '-infinity',
                               next_renewal_at = now() + make_interval(secs => :pause)
                         WHERE id = :id AND tokens = :before
                        """)
                .param("id", secret.id())
                .param("before", before.encrypted())
                .param("pause", pause.toSeconds())
                .update();
    }

    void delete(SessionSecret secret) {
        jdbc.sql("DELETE FROM operator_session WHERE id = :id").param("id", secret.id()).update();
    }
}
