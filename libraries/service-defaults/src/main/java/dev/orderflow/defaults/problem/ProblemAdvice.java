package dev.orderflow.defaults.problem;

import dev.orderflow.defaults.aws.AwsFailures;
import dev.orderflow.defaults.database.DatabaseFailures;
import dev.orderflow.defaults.http.BodyTooLargeException;
import dev.orderflow.defaults.http.BodyTooSlowException;
import dev.orderflow.defaults.tracing.RedactedException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/// Converts every exception of Spring MVC or of a handler to a problem.
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    /// The database is unreachable, too slow or cannot store anything. Either nothing was changed,
    /// or the connection broke during the commit and the result is unknown: the caller may repeat
    /// the request, with the same idempotency key if it has one.
    @ExceptionHandler({
        CannotCreateTransactionException.class,
        CannotGetJdbcConnectionException.class,
        QueryTimeoutException.class,
        TransactionTimedOutException.class,
        TransientDataAccessException.class
    })
    @Nullable ResponseEntity<Object> unavailable(Exception failure, WebRequest request) {
        log.warn(
                "request failed with 503, database unavailable: {}",
                FailureDescription.of(failure));
        return answer(unavailable(), request);
    }

    private static Problem unavailable() {
        return Problem.of(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "temporarily-unavailable",
                        "Temporarily unavailable")
                .retryAfter(Duration.ofSeconds(2));
    }

    /// A query string that cannot be parsed or has too many parameters; Tomcat parses it on the
    /// first access.
    @ExceptionHandler(InvalidParameterException.class)
    @Nullable ResponseEntity<Object> unreadable(
            InvalidParameterException query, WebRequest request) {
        return answer(
                Problem.of(HttpStatus.BAD_REQUEST, "malformed-query", "Malformed query"), request);
    }

    /// An unexpected exception, unless its cause is a temporary failure of the database or of AWS:
    /// Spring and Hibernate wrap exceptions of the driver in many types. The response does not
    /// describe it.
    @ExceptionHandler(Exception.class)
    @Nullable ResponseEntity<Object> unexpected(Exception failure, WebRequest request) {
        if (DatabaseFailures.isTemporary(failure)) {
            return unavailable(failure, request);
        }
        if (AwsFailures.findOutage(failure).isPresent()) {
            log.warn(
                    "request failed with 503, AWS unavailable: {}", FailureDescription.of(failure));
            return answer(unavailable(), request);
        }
        log.error("request failed with 500", RedactedException.of(failure));
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
        return answer(Problem.invalid(invalid.getBindingResult()), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException invalid,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        List<Map<String, String>> errors =
                invalid.getParameterValidationResults().stream()
                        .flatMap(
                                result ->
                                        result.getResolvableErrors().stream()
                                                .map(
                                                        error ->
                                                                Problem.violation(
                                                                        String.valueOf(
                                                                                result.getMethodParameter()
                                                                                        .getParameterName()),
                                                                        error.getDefaultMessage())))
                        .toList();
        return answer(Problem.invalid(errors), request);
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
        return handleExceptionInternal(
                unreadable,
                UnreadableBodyProblems.problem(unreadable).getBody(),
                headers,
                HttpStatus.BAD_REQUEST,
                request);
    }

    /// A parameter of the path, the query or a header that cannot be converted.
    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException mismatch,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return mismatch instanceof MethodArgumentTypeMismatchException argument
                ? answer(
                        Problem.invalid(
                                argument.getName(),
                                InvalidValueMessage.find(mismatch)
                                        .map(InvalidValueMessage::rule)
                                        .orElseGet(() -> ValueRules.of(argument.getParameter()))),
                        request)
                : super.handleTypeMismatch(mismatch, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException missing,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(Problem.invalid(missing.getParameterName(), "must be sent"), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleServletRequestBindingException(
            ServletRequestBindingException unbound,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return unbound instanceof MissingRequestHeaderException missing
                ? answer(Problem.invalid(missing.getHeaderName(), "must be sent"), request)
                : super.handleServletRequestBindingException(unbound, headers, status, request);
    }

    /// All paths without a handler get the same response.
    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException notFound,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return handleExceptionInternal(
                notFound,
                Problem.body(HttpStatus.NOT_FOUND, "not-found", "Not Found"),
                headers,
                status,
                request);
    }

    /// The problem for a body above the limit.
    static ProblemDetail tooLarge(long limit) {
        var body = Problem.body(HttpStatus.CONTENT_TOO_LARGE, "body-too-large", "Body too large");
        body.setDetail("The body may have at most " + limit + " bytes.");
        return body;
    }

    /// Replaces the type of the problems that Spring creates.
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
            problem.setDetail(supportedAlternatives(failure));
        }
        return answer;
    }

    /// Replaces the detail of Spring, which names Java methods and types.
    private static @Nullable String supportedAlternatives(Exception failure) {
        return switch (failure) {
            case HttpRequestMethodNotSupportedException other
                    when other.getSupportedMethods() != null ->
                    "Use " + String.join(" or ", other.getSupportedMethods()) + ".";
            case HttpMediaTypeNotSupportedException other
                    when !other.getSupportedMediaTypes().isEmpty() ->
                    "Send " + words(other.getSupportedMediaTypes()) + ", in UTF-8.";
            case HttpMediaTypeNotAcceptableException other
                    when !other.getSupportedMediaTypes().isEmpty() ->
                    "Accept " + words(other.getSupportedMediaTypes()) + ".";
            default -> null;
        };
    }

    private static String words(List<MediaType> types) {
        return types.stream()
                .map(type -> type.getType() + "/" + type.getSubtype())
                .distinct()
                .collect(Collectors.joining(" or "));
    }
}
