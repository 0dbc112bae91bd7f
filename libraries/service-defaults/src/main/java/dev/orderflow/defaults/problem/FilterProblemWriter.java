package dev.orderflow.defaults.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Writes problems for filters, which cannot throw them as handlers do.
public final class FilterProblemWriter {

    private final HandlerExceptionResolver resolver;

    FilterProblemWriter(HandlerExceptionResolver resolver) {
        this.resolver = resolver;
    }

    /// Answers the request as if a handler had thrown this exception.
    public void write(HttpServletRequest request, HttpServletResponse response, Exception refusal) {
        resolver.resolveException(request, response, null, refusal);
    }
}
