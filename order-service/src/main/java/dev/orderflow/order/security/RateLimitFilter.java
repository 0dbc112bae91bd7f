package dev.orderflow.order.security;

import dev.orderflow.defaults.problem.FilterProblemWriter;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.order.domain.Caller;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Limits the request rate of each caller, after authentication.
///
/// Forbidden requests count, too. A request with an invalid token counts against its address, and
/// never against callers with valid tokens from the same address.
final class RateLimitFilter extends OncePerRequestFilter {

    private final RateLimiter limiter;
    private final FilterProblemWriter problems;
    private final MeterRegistry meters;

    RateLimitFilter(RateLimiter limiter, FilterProblemWriter problems, MeterRegistry meters) {
        this.limiter = limiter;
        this.problems = problems;
        this.meters = meters;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        var limit = "anonymous";
        Duration wait;
        if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
            boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
            limit = reads ? "reads" : "writes";
            wait =
                    reads
                            ? limiter.consumeRead(caller.subject())
                            : limiter.consumeWrite(caller.subject());
        } else {
            wait = limiter.consumeAnonymous(request.getRemoteAddr());
        }
        if (wait.isZero()) {
            chain.doFilter(request, response);
        } else {
            problems.write(request, response, tooManyRequests(limit, wait));
        }
    }

    /// The response to a failed authentication: 429 when the address exceeds its limit, otherwise
    /// the given problem.
    Problem limitFailedAuthentication(HttpServletRequest request, Problem failure) {
        var wait = limiter.consumeAnonymous(request.getRemoteAddr());
        return wait.isZero() ? failure : tooManyRequests("anonymous", wait);
    }

    private Problem tooManyRequests(String limit, Duration wait) {
        meters.counter("orders.requests.limited", "limit", limit).increment();
        return Problem.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests")
                .detail("Repeat the request after the time in Retry-After.")
                .retryAfter(wait.plusMillis(999));
    }
}
