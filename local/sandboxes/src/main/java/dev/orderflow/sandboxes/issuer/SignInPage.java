package dev.orderflow.sandboxes.issuer;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.util.HtmlUtils;

/// The page on which a person chooses which operator to be. Its links repeat the authorization
/// request, or that with the code of a device, with the operator. All other requests without
/// credentials are answered with 401.
final class SignInPage implements AuthenticationEntryPoint {

    static final String AUTHORIZATION_PATH = "/oauth2/authorize";

    /// Where a person enters the code that a device shows.
    static final String DEVICE_PATH = "/oauth2/device_verification";

    static final Set<String> PATHS = Set.of(AUTHORIZATION_PATH, DEVICE_PATH);

    private static final String USER_CODE = "user_code";

    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Choose an operator</title>
            <link rel="icon" href="data:,">
            <style>
            :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
            body { max-width: 26rem; margin: 12vh auto; padding: 0 1rem; background: Canvas; color: CanvasText; }
            h1 { font-size: 1.25rem; }
            ul { list-style: none; padding: 0; }
            a { display: flex; justify-content: space-between; padding: .7rem 1rem; margin: .4rem 0;
                border: 1px solid GrayText; border-radius: 8px; color: inherit; text-decoration: none; }
            a:hover, a:focus-visible { outline: 2px solid Highlight; }
            span { color: light-dark(#566173, #a0abba); }
            p { color: light-dark(#566173, #a0abba); font-size: .875rem; }
            </style>
            </head>
            <body>
            <main>
            %s
            <p>The development issuer asks for no password. It starts under the profile <code>local</code> only.</p>
            </main>
            </body>
            </html>
            """;

    @Override
    public void commence(
            HttpServletRequest request,
            HttpServletResponse response,
            AuthenticationException refusal)
            throws IOException {
        if (!PATHS.contains(request.getRequestURI()) || !request.getMethod().equals("GET")) {
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
            return;
        }
        write(response, HttpStatus.OK, content(request));
    }

    private static String content(HttpServletRequest request) {
        var code = request.getParameter(USER_CODE);
        if (request.getRequestURI().equals(DEVICE_PATH) && code == null) {
            return """
                   <h1>Which code does the command line show?</h1>
                   <form method="get"><label>Code <input name="%s" required autofocus></label> <button>Next</button></form>"""
                    .formatted(USER_CODE);
        }
        return """
               <h1>Who are you?</h1>
               %s
               <ul>
               %s
               </ul>"""
                .formatted(
                        code == null
                                ? ""
                                : "<p>This signs in the command line that shows the code <b>%s</b>.</p>"
                                        .formatted(HtmlUtils.htmlEscape(code)),
                        links(request.getQueryString()));
    }

    /// After the code of a device was accepted.
    static void writeSignedIn(HttpServletResponse response) throws IOException {
        write(
                response,
                HttpStatus.OK,
                "<h1>The command line is signed in</h1>\n<p>You can close this page.</p>");
    }

    /// After the code of a device was refused.
    static void writeUnknownCode(HttpServletResponse response) throws IOException {
        write(
                response,
                HttpStatus.BAD_REQUEST,
                "<h1>This code is unknown, was used or has expired</h1>\n<p>Run"
                        + " <code>./orderflow login --device</code> again.</p>");
    }

    private static void write(HttpServletResponse response, HttpStatus status, String content)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.TEXT_HTML_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter().write(PAGE.formatted(content));
    }

    private static String links(@Nullable String query) {
        return Arrays.stream(DevelopmentOperator.values())
                .map(
                        operator ->
                                "<li><a href=\"?%s&amp;%s=%s\">%s <span>%s</span></a></li>"
                                        .formatted(
                                                HtmlUtils.htmlEscape(Objects.toString(query, "")),
                                                ChosenOperatorFilter.OPERATOR,
                                                operator.user(),
                                                operator.readableName(),
                                                operator.role()))
                .collect(Collectors.joining("\n"));
    }
}
