package dev.orderflow.defaults.security;

import dev.orderflow.defaults.idempotency.IdempotencyKey;
import dev.orderflow.defaults.idempotency.IdempotentRequests;
import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.defaults.operators.OperatorActionLog;
import dev.orderflow.defaults.operators.OperatorRequest;
import dev.orderflow.defaults.operators.OperatorRole;
import dev.orderflow.defaults.operators.OperatorTokenVerifier;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.text.UuidFormat;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// Admits requests by the [InternalAccess] of their endpoint: machines with the internal API key,
/// operators with an access token and a role. Every path except the service's public paths is
/// protected; a handler mapped below `/internal` is, even if a public path matches.
///
/// It checks the pattern that matched and the path as parsed by Spring MVC, so that an alternative
/// spelling of a path does not bypass it. Static resources, the response that a path has no
/// handler, and the error page need nothing.
///
/// A missing or invalid key is answered with 403, never with 401 or 407: EventBridge de-authorises
/// a connection whose endpoint returns one of those, and then every workflow fails until the
/// connection is updated (EventBridge user guide, "De-authorizing connections"). Only a request
/// with an access token, or without a key at an endpoint for people alone, is answered with 401:
/// the connection sends a key and never a token.
final class InternalAccessInterceptor implements HandlerInterceptor {

    /// The attribute of a request with its verified [Operator].
    static final String OPERATOR = Operator.class.getName();

    /// The attribute of a request with the operator's access token.
    static final String TOKEN = Operator.class.getName() + ".token";

    /// The attribute of a request with its [OperatorRequest].
    static final String REQUEST = OperatorRequest.class.getName();

    private static final Logger log = LoggerFactory.getLogger(InternalAccessInterceptor.class);

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final int LONGEST_PATH = 500;
    private static final String BEARER = "Bearer ";
    private static final InternalAccess UNDECLARED =
            new InternalAccess(true, Optional.empty(), Optional.empty());

    private final InternalApiKeys keys;
    private final OperatorTokenVerifier tokens;
    private final @Nullable OperatorActionLog actions;
    private final List<PathPattern> publicPaths;

    /// @param actions null in tests without a database
    InternalAccessInterceptor(
            InternalApiKeys keys,
            OperatorTokenVerifier tokens,
            @Nullable OperatorActionLog actions,
            List<String> publicPaths) {
        this.actions = actions;
        this.keys = keys;
        this.tokens = tokens;
        this.publicPaths =
                publicPaths.stream().map(PathPatternParser.defaultInstance::parse).toList();
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (isPublic(request, handler)) {
            return true;
        }
        var access =
                handler instanceof HandlerMethod method
                        ? InternalAccess.of(method.getMethod(), method.getBeanType())
                                .orElse(UNDECLARED)
                        : UNDECLARED;
        var key = request.getHeader(InternalRestClientFactory.KEY_HEADER);
        var token = findBearerToken(request);
        if (token == null) {
            requireKey(access, key);
            return true;
        }
        if (key != null) {
            throw Problem.of(HttpStatus.BAD_REQUEST, "two-credentials", "Two kinds of credentials")
                    .detail(
                            "Send either an access token or a "
                                    + InternalRestClientFactory.KEY_HEADER
                                    + " header.");
        }
        var operator = requireRole(access, token);
        request.setAttribute(OPERATOR, operator);
        request.setAttribute(TOKEN, token);
        recordRequest(request, handler, access, operator);
        return true;
    }

    private void recordRequest(
            HttpServletRequest request, Object handler, InternalAccess access, Operator operator) {
        if (actions == null || READING.contains(request.getMethod())) {
            return;
        }
        var endpoint =
                request.getMethod()
                        + " "
                        + request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        var path = request.getRequestURI();
        request.setAttribute(
                REQUEST,
                actions.recordRequest(
                        operator,
                        endpoint,
                        path.substring(0, Math.min(path.length(), LONGEST_PATH)),
                        access.action().orElse(endpoint),
                        subject(request),
                        idempotencyKey(request, handler)));
    }

    /// The one variable of the path, else the path. Ids are compared in lower case.
    private static String subject(HttpServletRequest request) {
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                        instanceof Map<?, ?> variables
                && variables.size() == 1) {
            var value = String.valueOf(variables.values().iterator().next());
            return UuidFormat.parse(value).map(UUID::toString).orElse(value);
        }
        return request.getRequestURI();
    }

    /// The key of a request that the endpoint executes once. Others would hide a second change
    /// behind the same key.
    private static @Nullable String idempotencyKey(HttpServletRequest request, Object handler) {
        var header = request.getHeader(IdempotencyKey.HEADER);
        if (header == null || !(handler instanceof HandlerMethod method) || !readsKey(method)) {
            return null;
        }
        try {
            return IdempotencyKey.require(header).value();
        } catch (Problem _) {
            // The endpoint refuses it.
            return null;
        }
    }

    private static boolean readsKey(HandlerMethod method) {
        return Arrays.stream(method.getMethodParameters())
                .map(parameter -> parameter.getParameterAnnotation(RequestHeader.class))
                .anyMatch(header -> header != null && header.name().equals(IdempotencyKey.HEADER));
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request,
            HttpServletResponse response,
            Object handler,
            @Nullable Exception failure) {
        if (request.getAttribute(REQUEST) instanceof OperatorRequest recorded) {
            try {
                recorded.recordResponse(
                        response.getStatus(),
                        response.getHeader(IdempotentRequests.REPLAYED_HEADER) != null);
            } catch (DataAccessException _) {
                // The request was recorded and is executed; only its status is missing.
                log.warn("the status of operator action {} could not be stored", recorded);
            }
        }
    }

    private void requireKey(InternalAccess access, @Nullable String key) {
        if (access.machines()) {
            if (!keys.accept(key)) {
                throw Problem.of(
                                HttpStatus.FORBIDDEN,
                                "internal-api-key-required",
                                "Internal API key required")
                        .detail(
                                "Send a valid %s header%s."
                                        .formatted(
                                                InternalRestClientFactory.KEY_HEADER,
                                                access.role().isPresent()
                                                        ? " or the access token of an operator"
                                                        : ""));
            }
            return;
        }
        var role = access.role().orElseThrow();
        if (key != null) {
            throw Problem.of(
                            HttpStatus.FORBIDDEN,
                            "operator-token-required",
                            "Access token of an operator required")
                    .detail(
                            "A person must do this: send the access token of an operator with the role"
                                    + " %s instead of a key.".formatted(role.code()))
                    .with("requiredRole", role.code());
        }
        throw OperatorTokenVerifier.unauthorized(
                        "operator-token-required",
                        "Access token of an operator required",
                        "Send `Authorization: Bearer` with an access token.")
                .with("requiredRole", role.code());
    }

    private Operator requireRole(InternalAccess access, String token) {
        OperatorRole required =
                access.role()
                        .orElseThrow(
                                () ->
                                        Problem.of(
                                                        HttpStatus.FORBIDDEN,
                                                        "machines-only",
                                                        "For machines only")
                                                .detail(
                                                        "This endpoint accepts the internal API key and"
                                                                + " no access token."));
        var operator = tokens.verify(token);
        if (!operator.hasRole(required)) {
            throw Problem.of(
                            HttpStatus.FORBIDDEN,
                            "operator-role-required",
                            "Role of operator required")
                    .detail("This needs the role %s.".formatted(required.code()))
                    .with("requiredRole", required.code());
        }
        return operator;
    }

    private static @Nullable String findBearerToken(HttpServletRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : null;
    }

    private boolean isPublic(HttpServletRequest request, Object handler) {
        var pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (pattern != null && pattern.toString().startsWith(InternalAccess.PATH_PREFIX)) {
            return false;
        }
        if (handler instanceof ResourceHttpRequestHandler
                || handler instanceof HandlerMethod method
                        && ErrorController.class.isAssignableFrom(method.getBeanType())) {
            return true;
        }
        if (publicPaths.isEmpty()) {
            return false;
        }
        var path = ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication();
        return publicPaths.stream().anyMatch(publicPath -> publicPath.matches(path));
    }
}
