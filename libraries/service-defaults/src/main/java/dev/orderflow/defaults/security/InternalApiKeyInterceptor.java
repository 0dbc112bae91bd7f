package dev.orderflow.defaults.security;

import dev.orderflow.defaults.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// Requires the internal API key for every path, except the service's public paths. Handlers mapped
/// below `/internal` require the key even if a public path matches.
///
/// It checks the pattern that matched and the path as parsed by Spring MVC, so that an alternative
/// spelling of a path does not bypass it. Static resources, the response that a path has no
/// handler, and the error page need no key.
///
/// A missing or invalid key is answered with 403, never with 401 or 407: EventBridge de-authorises
/// a connection whose endpoint returns one of those, and then every workflow fails until the
/// connection is updated (EventBridge user guide, "De-authorizing connections").
final class InternalApiKeyInterceptor implements HandlerInterceptor {

    private final List<byte[]> keys;
    private final List<PathPattern> publicPaths;

    InternalApiKeyInterceptor(InternalApiProperties properties, List<String> publicPaths) {
        this.keys =
                properties.keys().stream()
                        .map(key -> key.getBytes(StandardCharsets.UTF_8))
                        .toList();
        this.publicPaths =
                publicPaths.stream().map(PathPatternParser.defaultInstance::parse).toList();
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!isPublic(request, handler)
                && !isValidKey(request.getHeader(InternalRestClientFactory.KEY_HEADER))) {
            throw Problem.of(
                            HttpStatus.FORBIDDEN,
                            "internal-api-key-required",
                            "Internal API key required")
                    .detail("Send a valid " + InternalRestClientFactory.KEY_HEADER + " header.");
        }
        return true;
    }

    private boolean isPublic(HttpServletRequest request, Object handler) {
        var pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (pattern != null && pattern.toString().startsWith("/internal")) {
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

    /// Compares with every key in constant time, against timing attacks.
    private boolean isValidKey(@Nullable String sent) {
        var candidate = (sent == null ? "" : sent).getBytes(StandardCharsets.UTF_8);
        boolean accepted = false;
        for (var key : keys) {
            accepted |= MessageDigest.isEqual(key, candidate);
        }
        return accepted;
    }
}
