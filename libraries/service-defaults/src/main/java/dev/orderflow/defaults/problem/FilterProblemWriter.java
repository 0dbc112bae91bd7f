package dev.orderflow.defaults.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Answers problems from filters, where no handler is that could throw them.
public final class FilterProblemWriter {

    private final HandlerExceptionResolver resolver;

    FilterProblemWriter(HandlerExceptionResolver resolver) {
        this.resolver = resolver;
    }

    /// Answers as if a handler had thrown this.
    public void write(HttpServletRequest request, HttpServletResponse response, Exception refusal) {
        resolver.resolveException(request, response, null, refusal);
    }
}
