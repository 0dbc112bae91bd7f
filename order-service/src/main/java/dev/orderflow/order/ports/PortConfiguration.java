package dev.orderflow.order.ports;

import dev.orderflow.defaults.problem.FilterProblemWriter;
import dev.orderflow.defaults.security.PublicPaths;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Opens the internal port of [PortProperties] and routes requests by port.
@Configuration(proxyBeanMethods = false)
class PortConfiguration {

    /// After tracing and request logging, before authentication.
    private static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 20;

    @Bean
    PublicPaths publicPaths(PortProperties ports) {
        return new PublicPaths(ports.publicPaths());
    }

    @Bean
    InternalConnector internalConnector(PortProperties ports) {
        return new InternalConnector(ports.internalPort());
    }

    @Bean
    FilterRegistrationBean<PortRoutingFilter> portRoutingFilter(
            InternalConnector internal, PortProperties ports, FilterProblemWriter problems) {
        var registration =
                new FilterRegistrationBean<>(
                        new PortRoutingFilter(internal, ports.publicPaths(), problems));
        registration.setOrder(BEFORE_SECURITY);
        return registration;
    }
}
