package dev.orderflow.sandboxes.issuer;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.util.HtmlUtils;

/// The page on which a person chooses which operator to be. Its links repeat the authorization
/// request with the operator. All other requests without credentials are answered with 401.
final class SignInPage implements AuthenticationEntryPoint {

    static final String AUTHORIZATION_PATH = "/oauth2/authorize";

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
            <h1>Who are you?</h1>
            <ul>
            %s
            </ul>
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
        if (!request.getRequestURI().equals(AUTHORIZATION_PATH)
                || !request.getMethod().equals("GET")) {
            response.setStatus(HttpStatus.UNAUTHORIZED.value());
            return;
        }
        response.setContentType(MediaType.TEXT_HTML_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getWriter().write(PAGE.formatted(links(request.getQueryString())));
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
