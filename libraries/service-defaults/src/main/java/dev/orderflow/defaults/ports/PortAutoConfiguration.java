package dev.orderflow.defaults.ports;

import dev.orderflow.defaults.problem.FilterProblemWriter;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Opens the internal port of [PortProperties] and routes requests by port.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(PortProperties.class)
class PortAutoConfiguration {

    /// After tracing and request logging, before authentication.
    private static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 20;

    /// For a service with a public API.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("orderflow.ports.internal-port")
    static class SeparatePortsConfiguration {

        @Bean
        InternalConnector internalConnector(PortProperties ports) {
            return new InternalConnector(Objects.requireNonNull(ports.internalPort()));
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
}
