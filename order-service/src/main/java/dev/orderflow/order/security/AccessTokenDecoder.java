package dev.orderflow.order.security;

import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import dev.orderflow.contracts.value.CustomerRef;
import dev.orderflow.order.domain.Caller;
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
final class AccessTokenDecoder implements JwtDecoder, Converter<Jwt, AbstractAuthenticationToken> {

    private final TokenProperties properties;
    private final NimbusJwtDecoder decoder;

    AccessTokenDecoder(TokenProperties properties) {
        this.properties = properties;
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
        var time = new JwtTimestampValidator(properties.clockSkew());
        time.setAllowEmptyExpiryClaim(false);
        return List.of(
                type,
                time,
                new JwtIssuerValidator(properties.issuer()),
                rule("it is issued for another audience", this::hasOurAudience),
                rule("it is not an access token", AccessTokenDecoder::isAccessToken),
                rule("it has no valid customer claim", this::hasValidCustomer));
    }

    @Override
    public Jwt decode(String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException bad) {
            throw bad;
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
