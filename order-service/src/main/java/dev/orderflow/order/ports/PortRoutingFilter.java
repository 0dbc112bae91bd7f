package dev.orderflow.order.ports;

import dev.orderflow.defaults.problem.FilterProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// Rejects a request for a path that its port does not serve, as if the path had no handler.
///
/// It parses the path as Spring MVC does when it selects the handler, so that both interpret every
/// spelling of a path alike.
final class PortRoutingFilter extends OncePerRequestFilter {

    private final InternalConnector internal;
    private final List<PathPattern> internalPaths;
    private final List<PathPattern> publicPaths;
    private final FilterProblemWriter problems;

    PortRoutingFilter(
            InternalConnector internal, List<String> publicPaths, FilterProblemWriter problems) {
        this.internal = internal;
        this.internalPaths = patterns(List.of("/internal/**"));
        this.publicPaths = patterns(publicPaths);
        this.problems = problems;
    }

    private static List<PathPattern> patterns(List<String> paths) {
        return paths.stream().map(PathPatternParser.defaultInstance::parse).toList();
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var servedPaths = request.getLocalPort() == internal.port() ? internalPaths : publicPaths;
        var path = ServletRequestPathUtils.parse(request).pathWithinApplication();
        if (servedPaths.stream().anyMatch(pattern -> pattern.matches(path))) {
            chain.doFilter(request, response);
        } else {
            problems.write(
                    request,
                    response,
                    new NoResourceFoundException(
                            HttpMethod.valueOf(request.getMethod()), request.getRequestURI(), ""));
        }
    }
}
