package dev.orderflow.operations.session;

import dev.orderflow.operations.session.IssuerClient.ExchangeResult;
import dev.orderflow.operations.session.OperatorSessions.StoredTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Renews the tokens of sessions shortly before they expire.
///
/// One request of a session at a time calls the issuer, on all instances together, and it holds
/// neither a transaction nor a connection meanwhile. Others go on with the access token as long as
/// it is valid, and then wait for the result. Limit: when the console stops between the response
/// of the issuer and its storage, a refresh token that the issuer accepts only once is lost, and
/// the person signs in again.
@Service
class TokenRenewalService {

    private static final Logger log = LoggerFactory.getLogger(TokenRenewalService.class);

    private static final Duration RENEW_BEFORE_END = Duration.ofMinutes(1);
    private static final Duration LEASE = IssuerClient.CALL_TIMEOUT.multipliedBy(2);
    private static final Duration MAX_WAIT = IssuerClient.CALL_TIMEOUT.plusSeconds(1);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    /// Otherwise each request during an outage of the issuer would take as long as its time-out.
    private static final Duration PAUSE_AFTER_OUTAGE = Duration.ofSeconds(10);

    private final IssuerClient issuer;
    private final OperatorSessions sessions;

    TokenRenewalService(IssuerClient issuer, OperatorSessions sessions) {
        this.issuer = issuer;
        this.sessions = sessions;
    }

    /// The tokens of a session for one request.
    sealed interface CurrentTokens {

        record Usable(SessionTokens tokens) implements CurrentTokens {}

        /// The issuer renews them no more, or the session has ended meanwhile.
        record Ended() implements CurrentTokens {}

        /// They have expired, and the issuer does not respond.
        record Unavailable() implements CurrentTokens {}
    }

    /// Renews the tokens if they need it.
    ///
    /// @param found what the session has
    CurrentTokens renewIfNeeded(SessionSecret secret, StoredTokens found) {
        long begin = System.nanoTime();
        var stored = Optional.of(found);
        while (stored.isPresent()) {
            var current = stored.get();
            if (!needsRenewal(current.tokens())) {
                return new CurrentTokens.Usable(current.tokens());
            }
            if (sessions.claimRenewal(secret, current, LEASE)) {
                return renew(secret, current);
            }
            if (isValid(current.tokens())) {
                return new CurrentTokens.Usable(current.tokens());
            }
            if (current.isRenewalPaused()
                    || System.nanoTime() - begin > MAX_WAIT.toNanos()
                    || !sleep()) {
                return new CurrentTokens.Unavailable();
            }
            stored = sessions.findTokens(secret, false);
        }
        return new CurrentTokens.Ended();
    }

    private CurrentTokens renew(SessionSecret secret, StoredTokens before) {
        return switch (issuer.renew(before.tokens())) {
            case ExchangeResult.TokensIssued(var issued) ->
                    sessions.storeRenewed(secret, before, issued)
                            ? new CurrentTokens.Usable(issued)
                            : findReplaced(secret, before);
            case ExchangeResult.SignInRefused _ -> {
                sessions.releaseRenewal(secret, before);
                yield isValid(before.tokens())
                        ? new CurrentTokens.Usable(before.tokens())
                        : findReplaced(secret, before);
            }
            case ExchangeResult.IssuerUnavailable _ -> {
                log.warn(
                        "the issuer renewed no tokens; retrying in {} s",
                        PAUSE_AFTER_OUTAGE.toSeconds());
                sessions.pauseRenewal(secret, before, PAUSE_AFTER_OUTAGE);
                yield isValid(before.tokens())
                        ? new CurrentTokens.Usable(before.tokens())
                        : new CurrentTokens.Unavailable();
            }
        };
    }

    /// If this request took longer than its lease, another one may have used the refresh token.
    private CurrentTokens findReplaced(SessionSecret secret, StoredTokens before) {
        return sessions.findTokens(secret, false)
                .map(StoredTokens::tokens)
                .filter(tokens -> !tokens.equals(before.tokens()) && isValid(tokens))
                .<CurrentTokens>map(CurrentTokens.Usable::new)
                .orElseGet(CurrentTokens.Ended::new);
    }

    private static boolean needsRenewal(SessionTokens tokens) {
        return tokens.expiresAt().isBefore(Instant.now().plus(RENEW_BEFORE_END));
    }

    private static boolean isValid(SessionTokens tokens) {
        return tokens.expiresAt().isAfter(Instant.now());
    }

    /// @return false when the console stops
    private static boolean sleep() {
        try {
            Thread.sleep(POLL_INTERVAL);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
