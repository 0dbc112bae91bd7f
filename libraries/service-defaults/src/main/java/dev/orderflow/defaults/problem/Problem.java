package dev.orderflow.defaults.problem;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.validation.BindingResult;
import org.springframework.web.ErrorResponseException;

/// An error response that a program can process ([RFC
/// 9457](https://www.rfc-editor.org/rfc/rfc9457)).
///
/// ```java
/// throw Problem.of(HttpStatus.CONFLICT, "out-of-stock", "Not enough stock")
///         .detail("MUG-BLUE: 3 requested, 1 available")
///         .with("sku", "MUG-BLUE");
/// ```
public final class Problem extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    /// [RFC 9457, 3.1](https://www.rfc-editor.org/rfc/rfc9457#section-3.1).
    private static final Set<String> STANDARD_MEMBERS =
            Set.of("type", "title", "status", "detail", "instance");

    private Problem(HttpStatus status, ProblemDetail body) {
        super(status, body, null);
    }

    /// @param slug the last part of the `type`, which identifies the kind of problem
    /// @param title the same for every problem of this kind
    public static Problem of(HttpStatus status, String slug, String title) {
        return new Problem(status, body(status, slug, title));
    }

    /// A value of the request is invalid: 400 `invalid-request`, with the field and the rule in
    /// `errors`.
    ///
    /// @param field its path, for example `unitPrice.amount` or `lines[0].sku`
    /// @param rule what the value must be, beginning with "must"
    public static Problem invalid(String field, String rule) {
        return of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                .detail("`%s` %s.".formatted(field, rule))
                .with("errors", List.of(Map.of("field", field, "message", rule)));
    }

    /// Values of the request are invalid: 400 `invalid-request`, with each field and rule in
    /// `errors`.
    public static Problem invalid(BindingResult refused) {
        return invalid(
                refused.getFieldErrors().stream()
                        .map(error -> violation(error.getField(), error.getDefaultMessage()))
                        .toList());
    }

    static Problem invalid(List<Map<String, String>> violations) {
        return of(HttpStatus.BAD_REQUEST, "invalid-request", "Invalid request")
                .detail("Some values are invalid; see errors.")
                .with("errors", violations);
    }

    static Map<String, String> violation(String field, @Nullable String message) {
        return Map.of("field", field, "message", message == null ? "is invalid" : message);
    }

    /// Sets the `detail`: what went wrong this time, for a person.
    public Problem detail(String detail) {
        getBody().setDetail(detail);
        return this;
    }

    /// Adds a member with data that a program needs.
    ///
    /// @throws IllegalArgumentException for a standard member of RFC 9457
    public Problem with(String name, Object value) {
        if (STANDARD_MEMBERS.contains(name)) {
            throw new IllegalArgumentException(name + " is a standard member of problems");
        }
        getBody().setProperty(name, value);
        return this;
    }

    /// Adds a header to the response.
    public Problem header(String name, String value) {
        getHeaders().set(name, value);
        return this;
    }

    /// Adds `Retry-After` in whole seconds, at least one.
    public Problem retryAfter(Duration delay) {
        getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, delay.toSeconds())));
        return this;
    }

    /// Whether the `type` of this problem ends with a slug.
    public boolean hasType(String slug) {
        return type(slug).equals(getBody().getType());
    }

    /// The URI that identifies a kind of problem.
    public static URI type(String slug) {
        return URI.create("https://orderflow.dev/problems/" + slug);
    }

    /// The slug of a problem that has no type of its own, from its status.
    static String slug(HttpStatus status) {
        return status.getReasonPhrase().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
    }

    static ProblemDetail body(HttpStatus status, String slug, String title) {
        var body = ProblemDetail.forStatus(status);
        body.setType(type(slug));
        body.setTitle(title);
        return body;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
