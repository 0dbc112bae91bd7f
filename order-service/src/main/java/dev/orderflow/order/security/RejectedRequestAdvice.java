package dev.orderflow.order.security;

import dev.orderflow.defaults.problem.Problem;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Maps rejections of Spring Security's firewall to 400. The firewall checks a header or parameter
/// only when a controller reads it, where Spring Security's own handler does not apply.
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class RejectedRequestAdvice {

    @ExceptionHandler
    Problem rejected(RequestRejectedException rejection) {
        return Problem.of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                .detail("A header or parameter contains characters that are not allowed.");
    }
}
