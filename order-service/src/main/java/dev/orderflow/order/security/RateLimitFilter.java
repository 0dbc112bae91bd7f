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

/// Keeps each caller within their budget, once it is known who they are.
///
/// What a caller may not do at all counts too. A token that is no good counts against the address
/// it came from, and never against the good ones that come from there.
final class RateLimitFilter extends OncePerRequestFilter {

    private final RateLimiter limiter;
    private final FilterProblemWriter problems;
    private final MeterRegistry meters;

    RateLimitFilter(RateLimiter budgets, FilterProblemWriter problems, MeterRegistry meters) {
        this.limiter = budgets;
        this.problems = problems;
        this.meters = meters;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        var kind = "strangers";
        Duration wait;
        if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
            boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
            kind = reads ? "reads" : "writes";
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
            problems.write(request, response, tooManyRequests(kind, wait));
        }
    }

    /// What a token that is no good gets: this when there were too many, else its own refusal.
    Problem limitFailedAuthentication(HttpServletRequest request, Problem refusal) {
        var wait = limiter.consumeAnonymous(request.getRemoteAddr());
        return wait.isZero() ? refusal : tooManyRequests("strangers", wait);
    }

    private Problem tooManyRequests(String kind, Duration wait) {
        meters.counter("requests.limited", "budget", kind).increment();
        return Problem.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests")
                .detail("Ask again after the time that Retry-After names.")
                .retryAfter(wait.plusMillis(999));
    }
}
