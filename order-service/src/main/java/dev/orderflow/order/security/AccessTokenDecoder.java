package dev.orderflow.order.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.defaults.tokens.AccessTokenVerifier;
import dev.orderflow.order.domain.Caller;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
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
    private final AccessTokenVerifier verifier;
    private final Cache<String, Jwt> verified;

    AccessTokenDecoder(TokenProperties properties) {
        this(properties, Clock.systemUTC(), Ticker.systemTicker());
    }

    AccessTokenDecoder(TokenProperties properties, Clock clock, Ticker ticker) {
        this.properties = properties;
        this.verifier =
                new AccessTokenVerifier(
                        properties.rules(),
                        clock,
                        List.of(
                                AccessTokenVerifier.check(
                                        "it has no valid customer claim", this::hasValidCustomer)));
        this.verified =
                Caffeine.newBuilder()
                        .maximumSize(MAX_VERIFIED_TOKENS)
                        .expireAfterWrite(VERIFIED_FOR)
                        .ticker(ticker)
                        .build();
    }

    /// Whether a token was verified within the last minute. It may have expired since.
    boolean isKnown(String token) {
        return verified.getIfPresent(token) != null;
    }

    @Override
    public Jwt decode(String token) {
        var known = verified.getIfPresent(token);
        if (known != null && !verifier.hasExpired(known)) {
            return known;
        }
        var decoded = verifier.decode(token);
        verified.put(token, decoded);
        return decoded;
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

    private boolean hasValidCustomer(Jwt token) {
        return token.getClaims().get(properties.customerClaim()) instanceof String customer
                && customer.matches(CustomerRef.PATTERN);
    }
}
