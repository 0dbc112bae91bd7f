package dev.orderflow.defaults.ports;

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
public final class PortRoutingFilter extends OncePerRequestFilter {

    private final AdditionalConnector additional;
    private final List<PathPattern> additionalPaths;
    private final List<PathPattern> mainPaths;
    private final FilterProblemWriter problems;

    /// @param additionalPaths patterns of the paths that the additional connector serves
    /// @param mainPaths patterns of those that the main port serves
    public PortRoutingFilter(
            AdditionalConnector additional,
            List<String> additionalPaths,
            List<String> mainPaths,
            FilterProblemWriter problems) {
        this.additional = additional;
        this.additionalPaths = patterns(additionalPaths);
        this.mainPaths = patterns(mainPaths);
        this.problems = problems;
    }

    private static List<PathPattern> patterns(List<String> paths) {
        return paths.stream().map(PathPatternParser.defaultInstance::parse).toList();
    }

    @Override
    protected void doFilterInternal(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var servedPaths = request.getLocalPort() == additional.port() ? additionalPaths : mainPaths;
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
