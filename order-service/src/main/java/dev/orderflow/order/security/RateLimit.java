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
final class RateLimit extends OncePerRequestFilter {

    private final Budgets budgets;
    private final FilterProblemWriter problems;
    private final MeterRegistry meters;

    RateLimit(Budgets budgets, FilterProblemWriter problems, MeterRegistry meters) {
        this.budgets = budgets;
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
            wait = reads ? budgets.read(caller.ref()) : budgets.write(caller.ref());
        } else {
            wait = budgets.stranger(request.getRemoteAddr());
        }
        if (wait.isZero()) {
            chain.doFilter(request, response);
        } else {
            problems.write(request, response, tooMany(kind, wait));
        }
    }

    /// What a token that is no good gets: this when there were too many, else its own refusal.
    Problem orTooMany(HttpServletRequest request, Problem refusal) {
        var wait = budgets.stranger(request.getRemoteAddr());
        return wait.isZero() ? refusal : tooMany("strangers", wait);
    }

    private Problem tooMany(String kind, Duration wait) {
        meters.counter("requests.limited", "budget", kind).increment();
        return Problem.of(HttpStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests")
                .detail("Ask again after the time that Retry-After names.")
                .retryAfter(wait.plusMillis(999));
    }
}
