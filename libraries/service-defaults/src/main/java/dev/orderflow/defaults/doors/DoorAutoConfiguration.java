package dev.orderflow.defaults.doors;

import dev.orderflow.defaults.problem.FilterProblems;
import java.util.Objects;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Opens the doors that [DoorProperties] names.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(DoorProperties.class)
class DoorAutoConfiguration {

    /// Inside the span and the log of the request, before anything looks at who asks.
    private static final int BEFORE_SECURITY = Ordered.HIGHEST_PRECEDENCE + 20;

    /// Of a service with a public API.
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty("orderflow.doors.internal-port")
    static class TwoDoors {

        @Bean
        InternalDoor internalDoor(DoorProperties doors) {
            return new InternalDoor(Objects.requireNonNull(doors.internalPort()));
        }

        @Bean
        FilterRegistrationBean<Doorkeeper> doorkeeper(
                InternalDoor internal, DoorProperties doors, FilterProblems problems) {
            var registration =
                    new FilterRegistrationBean<>(
                            new Doorkeeper(internal, doors.publicPaths(), problems));
            registration.setOrder(BEFORE_SECURITY);
            return registration;
        }
    }
}
