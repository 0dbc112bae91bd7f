package dev.orderflow.operations.web;

import dev.orderflow.defaults.problem.Problem;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/// The problem of a request that needs a service which is not available now.
final class ServiceProblems {

    private ServiceProblems() {}

    /// The problem of a request that may be sent again, whether or not it was carried out.
    ///
    /// @param cause what is not known, without a full stop
    static Problem repeatable(String cause) {
        return unavailable(cause + ". Repeat the request; that is safe.");
    }

    /// @param detail what did not respond, and what to do
    static Problem unavailable(String detail) {
        return Problem.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "service-unavailable",
                        "Service unavailable")
                .detail(detail)
                .retryAfter(Duration.ofSeconds(5));
    }
}
