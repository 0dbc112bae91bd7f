package dev.orderflow.operations.session;

import dev.orderflow.defaults.operators.OperatorTokenVerifier;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.defaults.problem.FilterProblemWriter;
import dev.orderflow.operations.session.IssuerClient.ExchangeResult;
import dev.orderflow.operations.session.MessagePages.MessagePage;
import dev.orderflow.operations.session.TokenRenewalService.CurrentTokens;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.filter.OncePerRequestFilter;

/// Signs in and out, and adds the access token of its session to each request at the port of the
/// pages. Requests at other ports pass unchanged.
final class SessionFilter extends OncePerRequestFilter {

    /// The attribute of a request with its CSRF token.
    static final String CSRF_ATTRIBUTE = SessionFilter.class.getName() + ".csrf";

    /// The attribute of a request with a supplier that says whether its session has not ended.
    static final String LIVENESS_ATTRIBUTE = SessionFilter.class.getName() + ".liveness";

    /// The header of requests that a page makes by itself to stay current. They do not count as use
    /// of the session.
    static final String LIVE_REFRESH = "Live-Refresh";

    /// The parameter of a form with the CSRF token.
    static final String CSRF_PARAMETER = "csrf";

    private static final Logger log = LoggerFactory.getLogger(SessionFilter.class);

    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final AdditionalConnector connector;
    private final IssuerClient issuer;
    private final OperatorSessions sessions;
    private final TokenRenewalService renewals;
    private final OperatorTokenVerifier tokens;
    private final SessionCookies cookies;
    private final SignInProperties properties;
    private final MessagePages pages;
    private final FilterProblemWriter problems;

    SessionFilter(
            AdditionalConnector connector,
            IssuerClient issuer,
            OperatorSessions sessions,
            TokenRenewalService renewals,
            OperatorTokenVerifier tokens,
            SessionCookies cookies,
            SignInProperties properties,
            MessagePages pages,
            FilterProblemWriter problems) {
        this.problems = problems;
        this.connector = connector;
        this.issuer = issuer;
        this.sessions = sessions;
        this.renewals = renewals;
        this.tokens = tokens;
        this.cookies = cookies;
        this.properties = properties;
        this.pages = pages;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getLocalPort() != connector.port();
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var path = request.getRequestURI();
        if (path.startsWith(SignInPaths.ASSETS) || path.startsWith(SignInPaths.WEBJARS)) {
            chain.doFilter(new PageRequest(request, null), response);
            return;
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        try {
            serve(request, response, chain);
        } catch (RuntimeException failure) {
            // The database may not respond. Handlers answer their own failures.
            problems.write(request, response, failure);
        }
    }

    private void serve(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean isReading = READING.contains(request.getMethod());
        switch (request.getRequestURI()) {
            case SignInPaths.LOGIN -> {
                if (requireReading(isReading, request, response)) {
                    beginSignIn(request, response);
                }
            }
            case SignInPaths.CALLBACK -> {
                if (requireReading(isReading, request, response)) {
                    completeSignIn(request, response);
                }
            }
            case SignInPaths.SIGNED_OUT -> {
                if (requireReading(isReading, request, response)) {
                    showSignedOut(request, response);
                }
            }
            default -> serveWithSession(request, response, chain, isReading);
        }
    }

    private boolean requireReading(
            boolean isReading, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!isReading) {
            response.setHeader(HttpHeaders.ALLOW, "GET, HEAD");
            pages.write(
                    request,
                    response,
                    new MessagePage(
                            HttpStatus.METHOD_NOT_ALLOWED,
                            "Nothing to send here",
                            "This page can only be read.",
                            "Sign in",
                            SignInPaths.LOGIN));
        }
        return isReading;
    }

    private void beginSignIn(HttpServletRequest request, HttpServletResponse response) {
        var pending = issuer.begin(parameter(request, "to").orElse("/"));
        cookies.setSignIn(response, pending);
        redirect(response, issuer.authorizationUri(pending));
    }

    private void completeSignIn(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var pending =
                parameter(request, "state").flatMap(state -> cookies.findSignIn(request, state));
        if (pending.isEmpty()) {
            writeNotSignedIn(
                    request,
                    response,
                    HttpStatus.BAD_REQUEST,
                    "This sign-in was started in another browser, or more than 10 minutes ago.");
            return;
        }
        cookies.deleteSignIn(response, pending.get());
        var code = parameter(request, "code");
        if (code.isEmpty()) {
            log.info(
                    "sign-in refused by the issuer: {}",
                    printable(parameter(request, "error").orElse("no code")));
            writeNotSignedIn(
                    request, response, HttpStatus.FORBIDDEN, "The issuer did not sign you in.");
            return;
        }
        switch (issuer.exchange(pending.get(), code.get())) {
            case ExchangeResult.TokensIssued(var issued) ->
                    beginSession(request, response, pending.get(), issued);
            case ExchangeResult.SignInRefused(var error) -> {
                log.warn("the issuer rejected the authorization code: {}", printable(error));
                writeNotSignedIn(
                        request,
                        response,
                        HttpStatus.FORBIDDEN,
                        "The issuer did not confirm this sign-in.");
            }
            case ExchangeResult.IssuerUnavailable _ -> writeIssuerUnavailable(request, response);
        }
    }

    /// The browser does not send a `Strict` cookie with a redirection that began at another site,
    /// but it does when a page of this site leads on: so this answers with a page that does.
    private void beginSession(
            HttpServletRequest request,
            HttpServletResponse response,
            PendingSignIn pending,
            SessionTokens issued)
            throws IOException {
        try {
            var operator = tokens.verify(issued.accessToken());
            findSecret(request).ifPresent(sessions::delete);
            var secret = SessionSecret.generate();
            sessions.create(secret, operator, issued);
            cookies.setSession(response, secret);
            log.info("operator {} signed in with a browser", operator);
            pages.write(
                    request,
                    response,
                    new MessagePage(
                            HttpStatus.OK,
                            "Signed in",
                            "You are " + operator.name() + ".",
                            "Continue",
                            pending.returnTo(),
                            true));
        } catch (ErrorResponseException refusal) {
            if (refusal.getStatusCode().is5xxServerError()) {
                writeIssuerUnavailable(request, response);
            } else {
                log.warn("the issuer's access token is not accepted; check audience and issuer");
                writeNotSignedIn(
                        request,
                        response,
                        HttpStatus.FORBIDDEN,
                        "The access token of the issuer is not accepted here.");
            }
        }
    }

    private void showSignedOut(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var there = properties.signOutUri();
        pages.write(
                request,
                response,
                there == null
                        ? new MessagePage(
                                HttpStatus.OK,
                                "Signed out",
                                "Your session has ended.",
                                "Sign in again",
                                SignInPaths.LOGIN)
                        : new MessagePage(
                                HttpStatus.OK,
                                "Signed out here",
                                "Your session has ended. You may still be signed in at the issuer, which would sign you in again without a question.",
                                "Sign out at the issuer too",
                                there.toString()));
    }

    private void serveWithSession(
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain,
            boolean isReading)
            throws ServletException, IOException {
        if (cookies.findSession(request).isEmpty()) {
            serveWithoutCookie(request, response, isReading);
            return;
        }
        var secret = findSecret(request);
        var found = secret.flatMap(it -> sessions.findTokens(it, isByPerson(request)));
        if (found.isEmpty()) {
            cookies.deleteSession(response);
            writeSessionEnded(request, response);
            return;
        }
        if (!isReading && !isFromOwnPage(request, secret.get())) {
            pages.write(
                    request,
                    response,
                    new MessagePage(
                            HttpStatus.FORBIDDEN,
                            "Nothing was done",
                            "This request did not come from a page of your session. Go back, reload the page and try again.",
                            "To the first page",
                            "/"));
            return;
        }
        if (request.getRequestURI().equals(SignInPaths.LOGOUT)) {
            signOut(request, response, secret.get(), isReading);
            return;
        }
        switch (renewals.renewIfNeeded(secret.get(), found.get())) {
            case CurrentTokens.Usable(var usable) -> {
                request.setAttribute(CSRF_ATTRIBUTE, secret.get().csrfToken());
                request.setAttribute(
                        LIVENESS_ATTRIBUTE, (BooleanSupplier) () -> sessions.exists(secret.get()));
                chain.doFilter(new PageRequest(request, usable.accessToken()), response);
            }
            case CurrentTokens.Ended _ -> {
                sessions.delete(secret.get());
                cookies.deleteSession(response);
                writeSessionEnded(request, response);
            }
            case CurrentTokens.Unavailable _ -> writeIssuerUnavailable(request, response);
        }
    }

    /// A link at another site, such as in the message of an alarm, comes without the cookie. The
    /// same request from a page of this site has it, if there is one.
    private void serveWithoutCookie(
            HttpServletRequest request, HttpServletResponse response, boolean isReading)
            throws IOException {
        if (!isReading || !isByPerson(request)) {
            writeSessionEnded(request, response);
        } else if ("cross-site".equals(request.getHeader("Sec-Fetch-Site"))) {
            pages.write(
                    request,
                    response,
                    new MessagePage(
                            HttpStatus.OK,
                            "One moment",
                            "You followed a link of another site.",
                            "Continue",
                            SignInPaths.pageOrHome(pageOf(request)),
                            true));
        } else {
            redirect(response, loginOf(request));
        }
    }

    /// Whether a person made the request, and not a page that keeps itself current.
    private static boolean isByPerson(HttpServletRequest request) {
        return request.getHeader(LIVE_REFRESH) == null
                && !request.getRequestURI().equals(SignInPaths.LIVE);
    }

    private void signOut(
            HttpServletRequest request,
            HttpServletResponse response,
            SessionSecret secret,
            boolean isReading)
            throws IOException {
        if (isReading) {
            redirect(response, "/");
            return;
        }
        sessions.delete(secret);
        cookies.deleteSession(response);
        redirect(response, SignInPaths.SIGNED_OUT);
    }

    /// `Sec-Fetch-Site` is sent by all browsers of today and cannot be set by a page; the token
    /// protects others, too.
    private static boolean isFromOwnPage(HttpServletRequest request, SessionSecret secret) {
        var site = request.getHeader("Sec-Fetch-Site");
        return (site == null || site.equals("same-origin"))
                && secret.acceptsCsrfToken(parameter(request, CSRF_PARAMETER).orElse(null));
    }

    private Optional<SessionSecret> findSecret(HttpServletRequest request) {
        return cookies.findSession(request).flatMap(SessionSecret::parse);
    }

    private void writeSessionEnded(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        pages.write(
                request,
                response,
                new MessagePage(
                        HttpStatus.UNAUTHORIZED,
                        "Your session has ended",
                        READING.contains(request.getMethod())
                                ? "Sign in again to go on where you were."
                                : "Nothing was done. Sign in and try again.",
                        "Sign in",
                        READING.contains(request.getMethod())
                                ? loginOf(request)
                                : SignInPaths.LOGIN));
    }

    private void writeNotSignedIn(
            HttpServletRequest request, HttpServletResponse response, HttpStatus status, String why)
            throws IOException {
        pages.write(
                request,
                response,
                new MessagePage(
                        status, "You are not signed in", why, "Sign in", SignInPaths.LOGIN));
    }

    private void writeIssuerUnavailable(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, "5");
        pages.write(
                request,
                response,
                new MessagePage(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The issuer does not respond",
                        "You cannot be signed in at the moment. The command line works as long as its token is valid.",
                        "Try again",
                        SignInPaths.LOGIN));
    }

    private static String loginOf(HttpServletRequest request) {
        var page = pageOf(request);
        return page.equals("/")
                ? SignInPaths.LOGIN
                : SignInPaths.LOGIN + "?to=" + URLEncoder.encode(page, StandardCharsets.UTF_8);
    }

    private static String pageOf(HttpServletRequest request) {
        var query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    private static void redirect(HttpServletResponse response, String location) {
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader(HttpHeaders.LOCATION, location);
    }

    /// A parameter that was sent once. A form that cannot be parsed has none.
    private static Optional<String> parameter(HttpServletRequest request, String name) {
        String @Nullable [] values;
        try {
            values = request.getParameterValues(name);
        } catch (IllegalStateException _) {
            return Optional.empty();
        }
        return values != null && values.length == 1 && !values[0].isEmpty()
                ? Optional.of(values[0])
                : Optional.empty();
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(60, text.length())).replaceAll("[^\\x21-\\x7E]", "?");
    }
}
