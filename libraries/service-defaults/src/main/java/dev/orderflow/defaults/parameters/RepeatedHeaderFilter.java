package dev.orderflow.defaults.parameters;

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

/// Refuses a request that says twice who it is from or what its body is. Whoever stands before us
/// may have looked at the other one ([RFC 9110,
/// 5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)).
///
/// What handlers read is looked after by [RepeatedParameterInterceptor]; a second Host or
/// Content-Length is refused by Tomcat.
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
