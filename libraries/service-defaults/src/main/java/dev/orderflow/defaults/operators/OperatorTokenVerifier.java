package dev.orderflow.defaults.operators;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.tokens.AccessTokenVerifier;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;

/// Verifies the access token of an operator. The exact defect of a token is logged at DEBUG and not
/// returned.
public final class OperatorTokenVerifier {

    private static final Logger log = LoggerFactory.getLogger(OperatorTokenVerifier.class);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final OperatorTokenProperties properties;
    private final AccessTokenVerifier verifier;

    /// @param internalApiKey the header with the internal API key, for keys that order-service
    ///     serves
    public OperatorTokenVerifier(
            OperatorTokenProperties properties, Map<String, String> internalApiKey) {
        this.properties = properties;
        this.verifier =
                new AccessTokenVerifier(
                        properties.rules(internalApiKey),
                        Clock.systemUTC(),
                        List.of(
                                AccessTokenVerifier.check(
                                        "it has no valid subject",
                                        token ->
                                                token.getSubject() != null
                                                        && token.getSubject()
                                                                .matches(Operator.SUBJECT_REGEX))));
    }

    /// Verifies a token.
    ///
    /// @throws Problem 401 when the token is not valid; 503 with `Retry-After` when the keys of the
    ///     issuer cannot be fetched
    public Operator verify(String token) {
        Jwt verified;
        try {
            verified = verifier.decode(token);
        } catch (BadJwtException failure) {
            log.debug("access token of an operator rejected: {}", failure.getMessage());
            throw unauthorized(
                    "operator-token-invalid",
                    "Invalid access token",
                    "The access token is invalid, has expired, or is not one of an operator. Sign in"
                            + " again.");
        } catch (JwtException noKeys) {
            throw noKeys(noKeys);
        }
        var subject = Objects.requireNonNull(verified.getSubject(), "checked before");
        var name = verified.getClaims().get(properties.nameClaim());
        return new Operator(
                subject,
                name instanceof String text && text.matches(Operator.NAME_REGEX) ? text : subject,
                roles(verified));
    }

    /// The public keys of the issuer, as a JSON Web Key Set, for services without a route to it.
    ///
    /// @throws Problem 503 with `Retry-After` when they cannot be fetched
    public Map<String, Object> publicKeys() {
        try {
            return verifier.publicKeys();
        } catch (JwtException noKeys) {
            throw noKeys(noKeys);
        }
    }

    private static Problem noKeys(JwtException failure) {
        log.warn(
                "cannot fetch signing keys from the JWKS endpoint: {}",
                FailureDescription.of(failure));
        return Problem.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "temporarily-unavailable",
                        "Temporarily unavailable")
                .detail("Access tokens cannot be verified at the moment.")
                .retryAfter(RETRY_AFTER);
    }

    /// 401 with the challenge of [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750).
    public static Problem unauthorized(String slug, String title, String detail) {
        return Problem.of(HttpStatus.UNAUTHORIZED, slug, title)
                .detail(detail)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"orderflow-operators\"");
    }

    private Set<OperatorRole> roles(Jwt token) {
        var named =
                switch (token.getClaims().get(properties.rolesClaim())) {
                    case String text -> Stream.of(text.split(" "));
                    case Collection<?> list -> list.stream().map(String::valueOf);
                    case null, default -> Stream.<String>empty();
                };
        return named.flatMap(name -> OperatorRole.find(name).stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
