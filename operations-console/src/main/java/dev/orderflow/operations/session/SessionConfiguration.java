package dev.orderflow.operations.session;

import dev.orderflow.defaults.operators.OperatorTokenVerifier;
import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.defaults.ports.PortRoutingFilter;
import dev.orderflow.defaults.problem.FilterProblemWriter;
import dev.orderflow.defaults.security.InternalAccess;
import jakarta.servlet.Filter;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// The port of the pages. The main port keeps the internal API and serves no page.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PagesProperties.class, SignInProperties.class})
class SessionConfiguration {

    /// After tracing and request logging, before authentication.
    private static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 20;

    /// The internal API and its description.
    private static final List<String> INTERNAL_PATHS =
            List.of(InternalAccess.PATH_PREFIX + "/**", "/v3/api-docs/**");

    /// Only pages take forms.
    @Bean
    AdditionalConnector pagesConnector(PagesProperties pages) {
        return new AdditionalConnector(
                pages.port(), connector -> connector.setParseBodyMethods("POST"));
    }

    @Bean
    FilterRegistrationBean<PageHeadersFilter> pageHeaders(
            AdditionalConnector pagesConnector, PagesProperties pages) {
        return register(new PageHeadersFilter(pagesConnector, pages.isSecure()), FIRST);
    }

    @Bean
    FilterRegistrationBean<PortRoutingFilter> pageRouting(
            AdditionalConnector pagesConnector, FilterProblemWriter problems, PagePaths paths) {
        return register(
                new PortRoutingFilter(pagesConnector, paths.patterns(), INTERNAL_PATHS, problems),
                FIRST + 1);
    }

    @Bean
    FilterRegistrationBean<SessionFilter> pageSessions(
            AdditionalConnector pagesConnector,
            IssuerClient issuer,
            OperatorSessions sessions,
            TokenRenewalService renewals,
            OperatorTokenVerifier tokens,
            SignInProperties properties,
            PagesProperties pages,
            MessagePages messages,
            FilterProblemWriter problems) {
        return register(
                new SessionFilter(
                        pagesConnector,
                        issuer,
                        sessions,
                        renewals,
                        tokens,
                        new SessionCookies(pages.isSecure(), properties.sessionLifetime()),
                        properties,
                        messages,
                        problems),
                FIRST + 2);
    }

    private static <F extends Filter> FilterRegistrationBean<F> register(F filter, int order) {
        var registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }
}
