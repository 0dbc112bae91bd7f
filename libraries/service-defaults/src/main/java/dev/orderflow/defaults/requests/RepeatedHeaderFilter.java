package dev.orderflow.defaults.requests;

import dev.orderflow.defaults.problem.FilterProblemWriter;
import dev.orderflow.defaults.problem.Problem;
import dev.orderflow.defaults.security.InternalRestClientFactory;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Rejects a request that repeats a header for authentication or content type. A proxy may have
/// evaluated the other value ([RFC 9110,
/// 5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)).
///
/// [RepeatedParameterInterceptor] checks the headers that handlers read; Tomcat rejects a repeated
/// Host or Content-Length.
final class RepeatedHeaderFilter extends OncePerRequestFilter {

    private static final List<String> HEADERS =
            List.of(
                    HttpHeaders.AUTHORIZATION,
                    HttpHeaders.CONTENT_TYPE,
                    InternalRestClientFactory.KEY_HEADER);

    private final FilterProblemWriter problems;

    RepeatedHeaderFilter(FilterProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        for (var header : HEADERS) {
            if (Collections.list(request.getHeaders(header)).size() > 1) {
                problems.write(request, response, Problem.invalid(header, "must be sent once"));
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
