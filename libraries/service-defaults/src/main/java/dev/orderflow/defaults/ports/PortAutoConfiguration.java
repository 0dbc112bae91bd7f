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

/// Opens the doors that [PortProperties] names.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(PortProperties.class)
class PortAutoConfiguration {

    /// Inside the span and the log of the request, before anything looks at who asks.
    private static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 20;

    /// Of a service with a public API.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("orderflow.ports.internal-port")
    static class SeparatePortsConfiguration {

        @Bean
        InternalConnector internalConnector(PortProperties doors) {
            return new InternalConnector(Objects.requireNonNull(doors.internalPort()));
        }

        @Bean
        FilterRegistrationBean<PortRoutingFilter> portRoutingFilter(
                InternalConnector internal, PortProperties doors, FilterProblemWriter problems) {
            var registration =
                    new FilterRegistrationBean<>(
                            new PortRoutingFilter(internal, doors.publicPaths(), problems));
            registration.setOrder(BEFORE_SECURITY);
            return registration;
        }
    }
}
