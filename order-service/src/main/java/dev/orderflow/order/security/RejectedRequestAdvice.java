package dev.orderflow.order.security;

import dev.orderflow.defaults.problem.Problem;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Answers for Spring Security's firewall, which looks at a header or a parameter only when it is
/// read: in a controller, where nobody else answers for it.
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class RejectedRequestAdvice {

    @ExceptionHandler
    Problem rejected(RequestRejectedException unread) {
        return Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                .detail("A header or a parameter has characters that are not allowed.");
    }
}
