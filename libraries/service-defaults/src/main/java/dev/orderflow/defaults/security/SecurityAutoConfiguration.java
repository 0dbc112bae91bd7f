package dev.orderflow.defaults.security;

import dev.orderflow.defaults.operators.OperatorActionLog;
import dev.orderflow.defaults.operators.OperatorTokenProperties;
import dev.orderflow.defaults.operators.OperatorTokenVerifier;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Checks the internal API key or the operator's access token of requests, and adds either to
/// outgoing calls.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties({InternalApiProperties.class, OperatorTokenProperties.class})
class SecurityAutoConfiguration {

    @Bean
    OperatorTokenVerifier operatorTokenVerifier(
            OperatorTokenProperties properties, InternalApiProperties keys) {
        return new OperatorTokenVerifier(
                properties, Map.of(InternalRestClientFactory.KEY_HEADER, keys.keys().getFirst()));
    }

    @Bean
    WebMvcConfigurer internalAccess(
            InternalApiProperties properties,
            OperatorTokenVerifier tokens,
            ObjectProvider<JdbcClient> jdbc,
            ObjectProvider<PublicPaths> publicPaths) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(
                        new InternalAccessInterceptor(
                                new InternalApiKeys(properties),
                                tokens,
                                jdbc.stream().findFirst().map(OperatorActionLog::new).orElse(null),
                                publicPaths.getIfAvailable(PublicPaths::none).patterns()));
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new OperatorArgumentResolver());
            }
        };
    }

    @Bean
    InternalEndpointDeclarations internalEndpointDeclarations(
            ObjectProvider<RequestMappingHandlerMapping> mappings) {
        return new InternalEndpointDeclarations(mappings);
    }

    @Bean
    InternalRestClientFactory internalRestClients(
            InternalApiProperties properties, ObjectProvider<ObservationRegistry> observations) {
        return new InternalRestClientFactory(
                properties, observations.getIfAvailable(() -> ObservationRegistry.NOOP));
    }
}
