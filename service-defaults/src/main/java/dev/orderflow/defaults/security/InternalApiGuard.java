package dev.orderflow.defaults.security;

import dev.orderflow.defaults.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Lets only callers with the key reach handlers mapped below `/internal`.
///
/// It looks at the pattern that matched and not at the path that was sent, so no spelling of a path
/// goes
/// around it.
final class InternalApiGuard implements HandlerInterceptor {

    private final List<byte[]> keys;

    InternalApiGuard(InternalApiProperties properties) {
        this.keys =
                properties.keys().stream()
                        .map(key -> key.getBytes(StandardCharsets.UTF_8))
                        .toList();
    }

    @Override
    public boolean preHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        var pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (pattern != null
                && pattern.toString().startsWith("/internal")
                && !accepted(request.getHeader(InternalRestClients.KEY_HEADER))) {
            throw Problem.of(
                            HttpStatus.UNAUTHORIZED,
                            "internal-api-key-required",
                            "Internal API key required")
                    .detail("Send a valid " + InternalRestClients.KEY_HEADER + " header.");
        }
        return true;
    }

    /// Compares with every key in constant time, so that the time taken tells nothing.
    private boolean accepted(@Nullable String sent) {
        var candidate = (sent == null ? "" : sent).getBytes(StandardCharsets.UTF_8);
        boolean accepted = false;
        for (var key : keys) {
            accepted |= MessageDigest.isEqual(key, candidate);
        }
        return accepted;
    }
}
