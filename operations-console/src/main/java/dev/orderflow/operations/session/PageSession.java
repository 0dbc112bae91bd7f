package dev.orderflow.operations.session;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;

/// The session of a request at the port of the pages.
public final class PageSession {

    /// The name of the parameter with the CSRF token, which each form sends.
    public static final String CSRF_PARAMETER = SessionFilter.CSRF_PARAMETER;

    private PageSession() {}

    /// The CSRF token of the session; empty for a page without a session.
    public static String csrfToken(HttpServletRequest request) {
        return Objects.toString(request.getAttribute(SessionFilter.CSRF_ATTRIBUTE), "");
    }
}
