package dev.orderflow.defaults.problem;

import dev.orderflow.defaults.database.DatabaseFailures;
import dev.orderflow.defaults.http.BodyTooLargeException;
import dev.orderflow.defaults.http.BodyTooSlowException;
import dev.orderflow.defaults.tracing.Redacted;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

/// Turns whatever Spring MVC or a handler throws into a problem with a type.
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    /// The database cannot be reached, is too slow, or cannot store anything now. Either
    /// nothing was changed, or the connection broke while the change was committed and nobody
    /// knows: the same request may be sent again, with its idempotency key if it has one.
    @ExceptionHandler({
        CannotCreateTransactionException.class,
        CannotGetJdbcConnectionException.class,
        QueryTimeoutException.class,
        TransactionTimedOutException.class,
        TransientDataAccessException.class
    })
    @Nullable ResponseEntity<Object> unavailable(Exception failure, WebRequest request) {
        log.warn(
                "request refused, database unavailable{}: {}",
                DatabaseFailures.sqlState(failure).map(" (SQLSTATE %s)"::formatted).orElse(""),
                failure.getClass().getSimpleName());
        return answer(
                Problem.of(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "temporarily-unavailable",
                                "Temporarily unavailable")
                        .retryAfter(Duration.ofSeconds(2)),
                request);
    }

    /// A query that cannot be read, or has too many parameters; Tomcat finds out when the first is
    /// asked for.
    @ExceptionHandler(InvalidParameterException.class)
    @Nullable ResponseEntity<Object> unreadable(
            InvalidParameterException query, WebRequest request) {
        return answer(
                Problem.of(HttpStatus.BAD_REQUEST, "malformed-query", "Malformed query"), request);
    }

    /// A mistake of ours, unless the database says that it passes: Spring and Hibernate wrap
    /// what the driver throws in many types. The caller learns that it is a mistake, and no
    /// more.
    @ExceptionHandler(Exception.class)
    @Nullable ResponseEntity<Object> unexpected(Exception failure, WebRequest request) {
        if (DatabaseFailures.isTemporary(failure)) {
            return unavailable(failure, request);
        }
        log.error("a request failed unexpectedly", Redacted.of(failure));
        return answer(
                Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal-error", "Internal error"),
                request);
    }

    private @Nullable ResponseEntity<Object> answer(Problem problem, WebRequest request) {
        return handleExceptionInternal(
                problem, problem.getBody(), problem.getHeaders(), problem.getStatusCode(), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        var body = Problem.body(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request");
        body.setDetail("Some values are not allowed; see errors.");
        List<Map<String, String>> errors =
                invalid.getBindingResult().getFieldErrors().stream()
                        .map(error -> violation(error.getField(), error.getDefaultMessage()))
                        .toList();
        body.setProperty("errors", errors);
        return handleExceptionInternal(invalid, body, headers, HttpStatus.BAD_REQUEST, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException invalid,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        var body = Problem.body(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request");
        body.setDetail("Some values are not allowed; see errors.");
        List<Map<String, String>> errors =
                invalid.getParameterValidationResults().stream()
                        .flatMap(
                                result ->
                                        result.getResolvableErrors().stream()
                                                .map(
                                                        error ->
                                                                violation(
                                                                        String.valueOf(
                                                                                result.getMethodParameter()
                                                                                        .getParameterName()),
                                                                        error.getDefaultMessage())))
                        .toList();
        body.setProperty("errors", errors);
        return handleExceptionInternal(invalid, body, headers, HttpStatus.BAD_REQUEST, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException tooLarge) {
                return handleExceptionInternal(
                        unreadable,
                        tooLarge(tooLarge.limit()),
                        headers,
                        HttpStatus.CONTENT_TOO_LARGE,
                        request);
            }
            if (cause instanceof BodyTooSlowException || cause instanceof SocketTimeoutException) {
                headers.setConnection("close");
                return handleExceptionInternal(
                        unreadable,
                        Problem.body(HttpStatus.REQUEST_TIMEOUT, "body-too-slow", "Body too slow"),
                        headers,
                        HttpStatus.REQUEST_TIMEOUT,
                        request);
            }
        }
        var body = Problem.body(HttpStatus.BAD_REQUEST, "malformed-body", "Malformed body");
        body.setDetail(whereItBreaks(unreadable));
        return handleExceptionInternal(unreadable, body, headers, HttpStatus.BAD_REQUEST, request);
    }

    /// Every path where nothing is gets the same answer, which names no path but the caller's own.
    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException nothing,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return handleExceptionInternal(
                nothing,
                Problem.body(HttpStatus.NOT_FOUND, "not-found", "Not Found"),
                headers,
                status,
                request);
    }

    /// What a body above the limit is answered with.
    static ProblemDetail tooLarge(long limit) {
        var body = Problem.body(HttpStatus.CONTENT_TOO_LARGE, "body-too-large", "Body too large");
        body.setDetail("The body may have at most " + limit + " bytes.");
        return body;
    }

    /// Where the reading broke, and, when a value was refused by its own type, why. Never a class
    /// name.
    private static String whereItBreaks(HttpMessageNotReadableException unreadable) {
        return switch (unreadable.getCause()) {
            case StreamReadException syntax ->
                    "Not JSON, at line %d, column %d."
                            .formatted(
                                    syntax.getLocation().getLineNr(),
                                    syntax.getLocation().getColumnNr());
            case DatabindException refused -> {
                var path =
                        refused.getPath().stream()
                                .map(
                                        step ->
                                                step.getPropertyName() == null
                                                        ? "[" + step.getIndex() + "]"
                                                        : "." + step.getPropertyName())
                                .reduce("$", String::concat);
                yield refused.getCause() instanceof IllegalArgumentException why
                                && why.getMessage() != null
                        ? "At " + path + ": " + why.getMessage() + "."
                        : "At " + path + ": missing, unknown or of the wrong type.";
            }
            case null, default -> "The body is missing or cannot be read.";
        };
    }

    private static Map<String, String> violation(String field, @Nullable String message) {
        return Map.of("field", field, "message", message == null ? "is not allowed" : message);
    }

    /// Gives the problems that Spring itself makes a type of ours.
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception failure,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        var answer = super.handleExceptionInternal(failure, body, headers, status, request);
        if (answer != null
                && answer.getBody() instanceof ProblemDetail problem
                && !(failure instanceof Problem)
                && !String.valueOf(problem.getType()).startsWith("https://orderflow.dev/")) {
            var resolved = HttpStatus.resolve(status.value());
            if (resolved != null) {
                problem.setTitle(resolved.getReasonPhrase());
                problem.setType(Problem.type(Problem.slug(resolved)));
            }
        }
        return answer;
    }
}
