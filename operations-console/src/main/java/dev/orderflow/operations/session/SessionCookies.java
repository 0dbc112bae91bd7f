package dev.orderflow.operations.session;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/// The cookies of the pages: all of them for the server alone (`HttpOnly`), for this host alone
/// (`__Host-`, which browsers accept over TLS only), and never sent with requests that another site
/// caused, except the one of a pending sign-in.
final class SessionCookies {

    private static final String SESSION = "orderflow-session";
    private static final String SIGN_IN = "orderflow-sign-in-";
    private static final Duration SIGN_IN_TIME = Duration.ofMinutes(10);
    private static final int STATE_PREFIX = 8;

    private final boolean secure;
    private final Duration sessionLifetime;

    SessionCookies(boolean secure, Duration sessionLifetime) {
        this.secure = secure;
        this.sessionLifetime = sessionLifetime;
    }

    /// The value of the session cookie.
    Optional<String> findSession(HttpServletRequest request) {
        return find(request, name(SESSION));
    }

    void setSession(HttpServletResponse response, SessionSecret secret) {
        add(response, SESSION, secret.cookieValue(), "Strict", sessionLifetime);
    }

    void deleteSession(HttpServletResponse response) {
        add(response, SESSION, "", "Strict", Duration.ZERO);
    }

    /// The sign-in with this state. Each has a cookie of its own, so that two windows can sign in
    /// at the same time.
    Optional<PendingSignIn> findSignIn(HttpServletRequest request, String state) {
        return find(request, name(signIn(state)))
                .flatMap(PendingSignIn::ofCookie)
                .filter(pending -> pending.state().equals(state));
    }

    /// `Lax`, because the issuer is another site, and its redirection back must send it.
    void setSignIn(HttpServletResponse response, PendingSignIn pending) {
        add(response, signIn(pending.state()), pending.toCookie(), "Lax", SIGN_IN_TIME);
    }

    void deleteSignIn(HttpServletResponse response, PendingSignIn pending) {
        add(response, signIn(pending.state()), "", "Lax", Duration.ZERO);
    }

    private static String signIn(String state) {
        return SIGN_IN
                + state.substring(0, Math.min(STATE_PREFIX, state.length()))
                        .replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private String name(String plain) {
        return secure ? "__Host-" + plain : plain;
    }

    private void add(
            HttpServletResponse response,
            String plainName,
            String value,
            String sameSite,
            Duration maxAge) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(name(plainName), value)
                        .httpOnly(true)
                        .secure(secure)
                        .sameSite(sameSite)
                        .path("/")
                        .maxAge(maxAge)
                        .build()
                        .toString());
    }

    private static Optional<String> find(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        return (cookies == null ? Stream.<Cookie>empty() : Arrays.stream(cookies))
                .filter(cookie -> cookie.getName().equals(name))
                .map(Cookie::getValue)
                .findFirst();
    }
}
