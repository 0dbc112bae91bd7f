package dev.orderflow.defaults.tracing;

import dev.orderflow.defaults.text.UuidFormat;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/// Adds the order to every log line of a request, and logs each request other than GET: at DEBUG,
/// and at INFO when the server failed (5xx).
///
/// The order is that of the path ([OrderLogInterceptor]), else that of the workflow's
/// `Idempotency-Key` (`<orderId>:<step>`); a controller that creates an order sets the field
/// itself. A path is logged as the pattern that it matched, because a caller may put personal data
/// into a path.
final class RequestLoggingFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(RequestLoggingFilter.class);

    private static final Pattern IN_KEY = Pattern.compile("(" + UuidFormat.REGEX + "):.*");

    private final String service;

    RequestLoggingFilter(String service) {
        this.service = service;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long startedAt = System.nanoTime();
        var orderId = orderOf(request);
        MDC.put(LogFields.SERVICE, service);
        if (orderId != null) {
            MDC.put(LogFields.ORDER_ID, orderId);
        }
        try {
            chain.doFilter(request, response);
            if (!request.getMethod().equals("GET")) {
                log(request, response.getStatus(), System.nanoTime() - startedAt);
            }
        } finally {
            MDC.remove(LogFields.ORDER_ID);
            MDC.remove(LogFields.SERVICE);
        }
    }

    private static void log(HttpServletRequest request, int status, long nanos) {
        var level = status >= 500 ? Level.INFO : Level.DEBUG;
        long millis = Duration.ofNanos(nanos).toMillis();
        var pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (pattern == null) {
            log.atLevel(level)
                    .log(
                            "{} answered {} in {} ms (no handler)",
                            request.getMethod(),
                            status,
                            millis);
        } else {
            log.atLevel(level)
                    .log(
                            "{} {} answered {} in {} ms",
                            request.getMethod(),
                            pattern,
                            status,
                            millis);
        }
    }

    private static @Nullable String orderOf(HttpServletRequest request) {
        var key = request.getHeader("Idempotency-Key");
        if (key == null || !request.getRequestURI().startsWith("/internal/")) {
            return null;
        }
        var step = IN_KEY.matcher(key);
        return step.matches() ? step.group(1) : null;
    }
}
