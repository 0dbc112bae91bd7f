package dev.orderflow.operations.session;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/// The session of a request at the port of the pages.
public final class PageSession {

    /// The name of the parameter with the CSRF token, which each form sends.
    public static final String CSRF_PARAMETER = SessionFilter.CSRF_PARAMETER;

    private PageSession() {}

    /// Says whether the session of a request has not ended meanwhile; for requests that take long.
    public static BooleanSupplier liveness(HttpServletRequest request) {
        return (BooleanSupplier)
                Objects.requireNonNull(
                        request.getAttribute(SessionFilter.LIVENESS_ATTRIBUTE),
                        "the request has no session");
    }

    /// The CSRF token of the session; empty for a page without a session.
    public static String csrfToken(HttpServletRequest request) {
        return Objects.toString(request.getAttribute(SessionFilter.CSRF_ATTRIBUTE), "");
    }
}
