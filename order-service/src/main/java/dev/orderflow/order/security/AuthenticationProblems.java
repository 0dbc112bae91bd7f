package dev.orderflow.order.security;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.defaults.problem.FilterProblemWriter;
import dev.orderflow.defaults.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.BearerTokenError;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/// Answers requests without a valid token or scope, with the header of [RFC
/// 6750](https://www.rfc-editor.org/rfc/rfc6750). The exact defect of a token is logged at DEBUG
/// and not returned, so that an attacker learns nothing from it.
final class AuthenticationProblems
        implements AuthenticationEntryPoint, AuthenticationFailureHandler, AccessDeniedHandler {

    private static final Logger log = LoggerFactory.getLogger(AuthenticationProblems.class);

    private static final String CHALLENGE = "Bearer realm=\"orderflow\"";

    private final FilterProblemWriter problems;
    private final RateLimitFilter rateLimit;

    AuthenticationProblems(FilterProblemWriter problems, RateLimitFilter rateLimit) {
        this.problems = problems;
        this.rateLimit = rateLimit;
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException failure) {
        problems.write(
                request,
                response,
                rateLimit.limitFailedAuthentication(request, problemOf(failure)));
    }

    @Override
    public void commence(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException failure) {
        problems.write(request, response, problemOf(failure));
    }

    private static Problem problemOf(AuthenticationException failure) {
        return switch (failure) {
            case AuthenticationServiceException noKeys -> {
                log.warn(
                        "cannot fetch signing keys from the JWKS endpoint: {}",
                        FailureDescription.of(noKeys));
                yield Problem.of(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "temporarily-unavailable",
                                "Temporarily unavailable")
                        .detail("Access tokens cannot be verified at the moment.")
                        .retryAfter(Duration.ofSeconds(5));
            }
            case OAuth2AuthenticationException twice
                    when twice.getError() instanceof BearerTokenError error
                            && error.getHttpStatus() == HttpStatus.BAD_REQUEST ->
                    Problem.of(HttpStatus.BAD_REQUEST, "token-ambiguous", "More than one token")
                            .detail("Send one Authorization header.")
                            .header(
                                    HttpHeaders.WWW_AUTHENTICATE,
                                    CHALLENGE + ", error=\"invalid_request\"");
            case OAuth2AuthenticationException bad -> {
                log.debug("access token refused: {}", bad.getError());
                yield Problem.of(HttpStatus.UNAUTHORIZED, "token-invalid", "Invalid token")
                        .detail("The token is malformed, expired or issued for another API.")
                        .header(
                                HttpHeaders.WWW_AUTHENTICATE,
                                CHALLENGE + ", error=\"invalid_token\"");
            }
            default ->
                    Problem.of(HttpStatus.UNAUTHORIZED, "token-required", "Token required")
                            .detail("Authenticate with a bearer token in the Authorization header.")
                            .header(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
        };
    }

    @Override
    public void handle(
            HttpServletRequest request,
            HttpServletResponse response,
            AccessDeniedException denied) {
        var scopes = requiredScopes(denied);
        problems.write(
                request,
                response,
                Problem.of(HttpStatus.FORBIDDEN, "scope-missing", "Scope missing")
                        .with("scopes", scopes)
                        .header(
                                HttpHeaders.WWW_AUTHENTICATE,
                                CHALLENGE
                                        + ", error=\"insufficient_scope\", scope=\""
                                        + String.join(" ", scopes)
                                        + "\""));
    }

    /// The scopes of which one is required.
    private static List<String> requiredScopes(AccessDeniedException denied) {
        return denied instanceof AuthorizationDeniedException refused
                        && refused.getAuthorizationResult()
                                instanceof AuthorityAuthorizationDecision decision
                ? decision.getAuthorities().stream()
                        .map(GrantedAuthority::getAuthority)
                        .map(String::valueOf)
                        .toList()
                : List.of();
    }
}
