package dev.orderflow.order.personaldata;

import dev.orderflow.defaults.problem.Problem;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Answers 503 with `Retry-After` while a data key is unavailable. Nothing was changed.
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class KeysUnavailableAdvice {

    private static final Logger log = LoggerFactory.getLogger(KeysUnavailableAdvice.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @ExceptionHandler
    Problem unavailable(KeysUnavailableException failure) {
        log.warn("personal data is unavailable: {}", failure.getMessage());
        return Problem.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "personal-data-unavailable",
                        "Personal data unavailable")
                .detail("Personal data can neither be stored nor read at the moment.")
                .retryAfter(RETRY_AFTER);
    }
}
