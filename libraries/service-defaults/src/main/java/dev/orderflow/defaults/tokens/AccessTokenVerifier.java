package dev.orderflow.defaults.tokens;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/// Verifies access tokens by [AccessTokenRules]. The keys of the issuer are fetched with the first
/// token, so that a start does not wait for the issuer.
public final class AccessTokenVerifier implements JwtDecoder {

    private final AccessTokenRules rules;
    private final IssuerJwkSource keys;
    private final NimbusJwtDecoder decoder;
    private final JwtTimestampValidator times;

    /// @param additionalChecks further conditions of a token; [#check] creates one
    public AccessTokenVerifier(
            AccessTokenRules rules, Clock clock, List<OAuth2TokenValidator<Jwt>> additionalChecks) {
        this.rules = rules;
        this.keys = new IssuerJwkSource(rules);
        this.times = new JwtTimestampValidator(rules.clockSkew());
        times.setAllowEmptyExpiryClaim(false);
        times.setClock(clock);
        this.decoder =
                NimbusJwtDecoder.withJwkSource(keys)
                        // Verified by the validators below, which accept more types.
                        .jwtProcessorCustomizer(
                                processor -> processor.setJWSTypeVerifier((type, context) -> {}))
                        .jwsAlgorithms(
                                allowed -> {
                                    allowed.clear();
                                    allowed.addAll(rules.algorithms());
                                })
                        .build();
        // RFC 9068 says at+jwt, most issuers JWT, and Cognito nothing at all.
        var type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        type.setAllowEmpty(true);
        var checks = new ArrayList<OAuth2TokenValidator<Jwt>>();
        checks.add(type);
        checks.add(times);
        checks.add(new JwtIssuerValidator(rules.issuer()));
        checks.add(check("it is issued for another audience", this::hasAcceptedAudience));
        checks.add(check("it is not an access token", AccessTokenVerifier::isAccessToken));
        checks.addAll(additionalChecks);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(checks));
    }

    /// A condition of a token.
    ///
    /// @param otherwise why a token that does not meet it is rejected, for the log
    public static OAuth2TokenValidator<Jwt> check(String otherwise, Predicate<Jwt> condition) {
        var failure =
                OAuth2TokenValidatorResult.failure(
                        new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, otherwise, null));
        return token -> condition.test(token) ? OAuth2TokenValidatorResult.success() : failure;
    }

    /// Verifies a token.
    ///
    /// @throws BadJwtException when the token is not acceptable
    /// @throws JwtException of another type when the keys of the issuer cannot be fetched
    @Override
    public Jwt decode(String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException failure) {
            throw failure;
        } catch (JwtException noKeys) {
            // The keys were fetched recently and this token's key is not among them.
            for (Throwable cause = noKeys; cause != null; cause = cause.getCause()) {
                if (cause instanceof RateLimitReachedException) {
                    throw new BadJwtException("signed with an unknown key", noKeys);
                }
            }
            throw noKeys;
        }
    }

    /// The public keys of the issuer, as a JSON Web Key Set.
    ///
    /// @throws JwtException when they cannot be fetched
    public Map<String, Object> publicKeys() {
        try {
            var all = new JWKSelector(new JWKMatcher.Builder().build());
            return new JWKSet(keys.get(all, null)).toJSONObject(true);
        } catch (KeySourceException noKeys) {
            throw new JwtException("cannot fetch the keys", noKeys);
        }
    }

    /// Whether a token that was verified before has expired since.
    public boolean hasExpired(Jwt verified) {
        return times.validate(verified).hasErrors();
    }

    private boolean hasAcceptedAudience(Jwt token) {
        var named =
                switch (token.getClaims().get(rules.audienceClaim())) {
                    case String one -> Set.of(one);
                    case Collection<?> several -> new HashSet<Object>(several);
                    case null, default -> Set.of();
                };
        return rules.audiences().stream().anyMatch(named::contains);
    }

    /// Cognito also signs ID tokens for the same clients. They identify a user and grant nothing.
    private static boolean isAccessToken(Jwt token) {
        var use = token.getClaims().get("token_use");
        return use == null || use.equals("access");
    }
}
