package dev.orderflow.payment.web;

import dev.orderflow.defaults.problem.Problem;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/// Problems of the payment gateway that several resources report.
final class GatewayProblems {

    private GatewayProblems() {}

    /// The gateway could not be reached or gave no clear answer, and no money was moved: 503
    /// `gateway-unavailable`.
    ///
    /// @param detail what was not done, and what to do
    static Problem unavailable(String detail, Duration retryAfter) {
        return Problem.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "gateway-unavailable",
                        "Gateway unavailable")
                .detail(detail)
                .retryAfter(retryAfter);
    }
}
