package dev.orderflow.operations.pages;

import dev.orderflow.contracts.value.InvalidValueException;
import dev.orderflow.defaults.database.DatabaseFailures;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.tracing.RedactedException;
import dev.orderflow.operations.services.ServiceProblemException;
import dev.orderflow.operations.services.ServiceUnavailableException;
import dev.orderflow.operations.session.MessagePages;
import dev.orderflow.operations.session.MessagePages.MessagePage;
import dev.orderflow.operations.session.SignInPaths;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import software.amazon.awssdk.core.exception.SdkException;

/// Answers an exception of a controller, or of the filter of sessions, at the port of the pages
/// with a page: what happened, what to do, and after a form that nothing was done, where that is
/// known. A response that has begun is left as it is. The filter itself writes its refusals, such
/// as one without a session; at other ports problems are JSON, by others.
@Component
class PageErrors implements HandlerExceptionResolver, Ordered {

    private static final Logger log = LoggerFactory.getLogger(PageErrors.class);

    private final AdditionalConnector connector;
    private final MessagePages pages;

    PageErrors(@Qualifier("pagesConnector") AdditionalConnector connector, MessagePages pages) {
        this.connector = connector;
        this.pages = pages;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable Object handler,
            Exception failure) {
        if (request.getLocalPort() != connector.port()) {
            return null;
        }
        try {
            if (!response.isCommitted()) {
                response.resetBuffer();
                pages.write(request, response, toPage(request, failure));
            }
        } catch (IOException _) {
            log.debug("the browser closed the connection");
        }
        return new ModelAndView();
    }

    private static MessagePage toPage(HttpServletRequest request, Exception failure) {
        boolean isReading = request.getMethod().equals("GET");
        return switch (failure) {
            case MessagePageException refusal -> refusal.page();
            case NoResourceFoundException _ ->
                    page(HttpStatus.NOT_FOUND, "Page not found", "Nothing is at this address.");
            case InvalidValueException invalid ->
                    toPage(Problem.invalid(invalid.name(), invalid.rule()), isReading);
            case MethodArgumentTypeMismatchException mismatch ->
                    toPage(Problem.invalid(mismatch.getName(), "is invalid"), isReading);
            case InvalidParameterException _ ->
                    page(
                            HttpStatus.BAD_REQUEST,
                            "Invalid request",
                            "The address or the form cannot be read.");
            case ErrorResponse refusal -> toPage(refusal, isReading);
            case ServiceProblemException refusal ->
                    page(
                            statusOf(refusal),
                            refusal.problem().path("title").asString("Refused"),
                            refusal.problem().path("detail").asString("Nothing was done."));
            case ServiceUnavailableException unavailable ->
                    page(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "Not available now",
                            unavailable.getMessage() + ". " + whatNow(isReading));
            case SdkException _ ->
                    page(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "Not available now",
                            "AWS did not respond as expected. " + whatNow(isReading));
            default -> {
                if (DatabaseFailures.isTemporary(failure)) {
                    log.warn("a page failed with 503: database unavailable");
                    yield page(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "Not available now",
                            "The database of the console did not respond. " + whatNow(isReading));
                }
                log.error("a page failed with 500", RedactedException.of(failure));
                yield page(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "Internal error",
                        "The log of operations-console has the cause. " + whatNow(isReading));
            }
        };
    }

    /// What a form asked for is an invalid value, or does not exist, or is refused in its present
    /// state.
    private static HttpStatus statusOf(ServiceProblemException refusal) {
        return switch (refusal.status()) {
            case 400 -> HttpStatus.BAD_REQUEST;
            case 404 -> HttpStatus.NOT_FOUND;
            default -> HttpStatus.CONFLICT;
        };
    }

    /// A change may have been made before its answer was lost. Repeated, it has no second effect on
    /// an order, a message or an execution; only the workbench places another order.
    private static String whatNow(boolean isReading) {
        return isReading ? "Reload the page in a moment." : "Go back and repeat it; that is safe.";
    }

    private static MessagePage toPage(ErrorResponse refusal, boolean isReading) {
        var status =
                Objects.requireNonNullElse(
                        HttpStatus.resolve(refusal.getStatusCode().value()),
                        HttpStatus.INTERNAL_SERVER_ERROR);
        var type = String.valueOf(refusal.getBody().getType());
        if (type.endsWith("/operator-role-required")) {
            var role =
                    Objects.requireNonNullElse(refusal.getBody().getProperties(), Map.of())
                            .getOrDefault("requiredRole", "another");
            return page(
                    status,
                    "Your role does not permit this",
                    "This needs the role %s. %sAn administrator of the issuer can give it to you."
                            .formatted(role, isReading ? "" : "Nothing was done. "));
        }
        if (status == HttpStatus.UNAUTHORIZED) {
            return new MessagePage(
                    status,
                    "Your session has ended",
                    isReading ? "Sign in again." : "Nothing was done. Sign in and try again.",
                    "Sign in",
                    SignInPaths.LOGIN);
        }
        var detail = refusal.getBody().getDetail();
        return page(
                status,
                Objects.requireNonNullElse(refusal.getBody().getTitle(), status.getReasonPhrase()),
                detail == null || !type.startsWith("https://orderflow.dev/")
                        ? isReading ? "Check the address." : "Nothing was done."
                        : detail);
    }

    private static MessagePage page(HttpStatus status, String title, String text) {
        return new MessagePage(status, title, text, "To the first page", "/");
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
