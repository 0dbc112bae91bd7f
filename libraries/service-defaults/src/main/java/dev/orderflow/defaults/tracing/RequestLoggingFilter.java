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
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/// Names the order in every log line of a request, and logs each request that changes something.
///
/// The order is what the path names, else the `<orderId>:<step>` of the workflow's
/// `Idempotency-Key`; a controller that makes one puts it there itself. A path is logged as the
/// pattern it matched, since a caller may write anything into one.
final class RequestLoggingFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(RequestLoggingFilter.class);

    private static final Pattern IN_PATH = Pattern.compile("/(" + UuidFormat.REGEX + ")(?:/|$)");
    private static final Pattern IN_KEY = Pattern.compile("(" + UuidFormat.REGEX + "):.*");

    private final String service;

    RequestLoggingFilter(String service) {
        this.service = service;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long began = System.nanoTime();
        var orderId = orderOf(request);
        MDC.put(LogFields.SERVICE, service);
        if (orderId != null) {
            MDC.put(LogFields.ORDER_ID, orderId);
        }
        try {
            chain.doFilter(request, response);
            if (!request.getMethod().equals("GET")) {
                var pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
                log.info(
                        "{} {} answered {} after {} ms",
                        pattern == null ? "a request" : request.getMethod(),
                        pattern == null ? "for nothing here" : pattern,
                        response.getStatus(),
                        Duration.ofNanos(System.nanoTime() - began).toMillis());
            }
        } finally {
            MDC.remove(LogFields.ORDER_ID);
            MDC.remove(LogFields.SERVICE);
        }
    }

    private static @Nullable String orderOf(HttpServletRequest request) {
        var path = IN_PATH.matcher(request.getRequestURI());
        if (path.find()) {
            return path.group(1);
        }
        var key = request.getHeader("Idempotency-Key");
        if (key == null || !request.getRequestURI().startsWith("/internal/")) {
            return null;
        }
        var step = IN_KEY.matcher(key);
        return step.matches() ? step.group(1) : null;
    }
}
