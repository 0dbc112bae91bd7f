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

/// Lets only callers with the key reach a handler, unless its path is one of the service's public
/// ones. A path that nobody has named public is closed, wherever it is mapped; what is mapped below
/// `/internal` is closed whatever is named.
///
/// It looks at the pattern that matched, and at the path as Spring MVC has parsed it, so no
/// spelling of a path goes around it. Open to all are static files, of which a service without a
/// public API has none, and with them the answer that there is nothing; and the error page, which
/// says no more.
///
/// A missing or wrong key is answered 403, never 401 or 407: EventBridge de-authorises a connection
/// whose endpoint answers one of those, and with it every workflow, until somebody updates the
/// connection (EventBridge user guide, "De-authorizing connections").
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
        if (!isOpen(request, handler)
                && !isAccepted(request.getHeader(InternalRestClientFactory.KEY_HEADER))) {
            throw Problem.of(
                            HttpStatus.FORBIDDEN,
                            "internal-api-key-required",
                            "Internal API key required")
                    .detail("Send a valid " + InternalRestClientFactory.KEY_HEADER + " header.");
        }
        return true;
    }

    private boolean isOpen(HttpServletRequest request, Object handler) {
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
        return publicPaths.stream().anyMatch(open -> open.matches(path));
    }

    /// Compares with every key in constant time, so that the time taken tells nothing.
    private boolean isAccepted(@Nullable String sent) {
        var candidate = (sent == null ? "" : sent).getBytes(StandardCharsets.UTF_8);
        boolean accepted = false;
        for (var key : keys) {
            accepted |= MessageDigest.isEqual(key, candidate);
        }
        return accepted;
    }
}
