package dev.orderflow.order.ports;

import dev.orderflow.defaults.ports.AdditionalConnector;
import dev.orderflow.defaults.ports.PortRoutingFilter;
import dev.orderflow.defaults.problem.FilterProblemWriter;
import dev.orderflow.defaults.security.PublicPaths;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Opens the internal port of [PortProperties] and routes requests by port.
@Configuration(proxyBeanMethods = false)
class PortConfiguration {

    /// After tracing and request logging, before authentication.
    private static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 20;

    private static final List<String> INTERNAL_PATHS = List.of("/internal/**");

    @Bean
    PublicPaths publicPaths(PortProperties ports) {
        return new PublicPaths(ports.publicPaths());
    }

    @Bean
    AdditionalConnector internalConnector(PortProperties ports) {
        return new AdditionalConnector(ports.internalPort());
    }

    @Bean
    FilterRegistrationBean<PortRoutingFilter> portRoutingFilter(
            AdditionalConnector internal, PortProperties ports, FilterProblemWriter problems) {
        var registration =
                new FilterRegistrationBean<>(
                        new PortRoutingFilter(
                                internal, INTERNAL_PATHS, ports.publicPaths(), problems));
        registration.setOrder(BEFORE_SECURITY);
        return registration;
    }
}
