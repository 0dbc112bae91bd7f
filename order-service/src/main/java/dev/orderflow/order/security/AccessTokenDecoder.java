package dev.orderflow.order.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.domain.Caller;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
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
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/// Validates access tokens and converts them into a [Caller] with authorities.
///
/// A customer sends the same token with many requests, and verifying its signature costs more than
/// storing an order. So a token that was verified is accepted for another minute without
/// verification, unless it expires earlier. The issuer's keys are cached for longer.
final class AccessTokenDecoder implements JwtDecoder, Converter<Jwt, AbstractAuthenticationToken> {

    private static final Duration VERIFIED_FOR = Duration.ofMinutes(1);

    /// Bounds the memory: a token with its claims takes about 5 KiB.
    private static final int MAX_VERIFIED_TOKENS = 2_000;

    private final TokenProperties properties;
    private final NimbusJwtDecoder decoder;
    private final JwtTimestampValidator times;
    private final Cache<String, Jwt> verified;

    AccessTokenDecoder(TokenProperties properties) {
        this(properties, Clock.systemUTC(), Ticker.systemTicker());
    }

    AccessTokenDecoder(TokenProperties properties, Clock clock, Ticker ticker) {
        this.properties = properties;
        this.times = new JwtTimestampValidator(properties.clockSkew());
        times.setAllowEmptyExpiryClaim(false);
        times.setClock(clock);
        this.verified =
                Caffeine.newBuilder()
                        .maximumSize(MAX_VERIFIED_TOKENS)
                        .expireAfterWrite(VERIFIED_FOR)
                        .ticker(ticker)
                        .build();
        this.decoder =
                NimbusJwtDecoder.withJwkSource(new IssuerJwkSource(properties))
                        // Verified by the validators below, which accept more types.
                        .jwtProcessorCustomizer(
                                processor -> processor.setJWSTypeVerifier((type, context) -> {}))
                        .jwsAlgorithms(
                                allowed -> {
                                    allowed.clear();
                                    allowed.addAll(properties.algorithms());
                                })
                        .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(rules()));
    }

    private List<OAuth2TokenValidator<Jwt>> rules() {
        // RFC 9068 says at+jwt, most issuers JWT, and Cognito nothing at all.
        var type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        type.setAllowEmpty(true);
        return List.of(
                type,
                times,
                new JwtIssuerValidator(properties.issuer()),
                rule("it is issued for another audience", this::hasOurAudience),
                rule("it is not an access token", AccessTokenDecoder::isAccessToken),
                rule("it has no valid customer claim", this::hasValidCustomer));
    }

    @Override
    public Jwt decode(String token) {
        var known = verified.getIfPresent(token);
        if (known != null && !times.validate(known).hasErrors()) {
            return known;
        }
        var decoded = verify(token);
        verified.put(token, decoded);
        return decoded;
    }

    private Jwt verify(String token) {
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

    @Override
    public AbstractAuthenticationToken convert(Jwt token) {
        var scopes = scopes(token);
        var customer =
                Objects.requireNonNull(
                        token.getClaimAsString(properties.customerClaim()), "checked before");
        return new JwtAuthenticationToken(
                token,
                new Caller(new CustomerRef(customer), scopes.contains(TokenScope.OPERATOR)),
                scopes.stream().<GrantedAuthority>map(TokenScope::authority).toList());
    }

    /// Most issuers send the scopes as one string, some as a list.
    private Set<String> scopes(Jwt token) {
        var claim = token.getClaims().get("scope");
        var scopes =
                switch (claim) {
                    case String text -> Arrays.stream(text.split(" "));
                    case Collection<?> list -> list.stream().map(String::valueOf);
                    case null, default -> Stream.<String>empty();
                };
        return scopes.filter(scope -> scope.startsWith(properties.scopePrefix()))
                .map(scope -> scope.substring(properties.scopePrefix().length()))
                .filter(scope -> !scope.isBlank())
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean hasOurAudience(Jwt token) {
        var named =
                switch (token.getClaims().get(properties.audienceClaim())) {
                    case String one -> Set.of(one);
                    case Collection<?> several -> new HashSet<Object>(several);
                    case null, default -> Set.of();
                };
        return properties.audiences().stream().anyMatch(named::contains);
    }

    /// Cognito also signs ID tokens for the same clients. They identify a user and grant nothing.
    private static boolean isAccessToken(Jwt token) {
        var use = token.getClaims().get("token_use");
        return use == null || use.equals("access");
    }

    private boolean hasValidCustomer(Jwt token) {
        return token.getClaims().get(properties.customerClaim()) instanceof String customer
                && customer.matches(CustomerRef.PATTERN);
    }

    private static OAuth2TokenValidator<Jwt> rule(String otherwise, Predicate<Jwt> holds) {
        var refused =
                OAuth2TokenValidatorResult.failure(
                        new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, otherwise, null));
        return token -> holds.test(token) ? OAuth2TokenValidatorResult.success() : refused;
    }
}
