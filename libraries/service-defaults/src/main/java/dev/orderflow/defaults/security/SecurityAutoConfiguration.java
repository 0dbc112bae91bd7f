package dev.orderflow.defaults.security;

import dev.orderflow.defaults.ports.PortProperties;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Checks the internal API key of requests and adds it to outgoing calls.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties({InternalApiProperties.class, PortProperties.class})
class SecurityAutoConfiguration {

    @Bean
    WebMvcConfigurer internalApiKeyInterceptor(
            InternalApiProperties properties, PortProperties ports) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(
                        new InternalApiKeyInterceptor(properties, ports.publicPaths()));
            }
        };
    }

    @Bean
    InternalRestClientFactory internalRestClients(
            InternalApiProperties properties, ObjectProvider<ObservationRegistry> observations) {
        return new InternalRestClientFactory(
                properties, observations.getIfAvailable(() -> ObservationRegistry.NOOP));
    }
}
