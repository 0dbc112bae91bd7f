package dev.orderflow.defaults.tracing;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Provides [TracePropagation] and the logging of requests.
@AutoConfiguration(
        afterName =
                "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration")
class TracingAutoConfiguration {

    /// Spring Boot starts the span of a request at `HIGHEST_PRECEDENCE + 1`.
    private static final int INSIDE_THE_SPAN = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean
    TracePropagation traces(
            ObjectProvider<Tracer> tracer,
            ObjectProvider<Propagator> propagator,
            @Value("${spring.application.name}") String service) {
        return new TracePropagation(
                tracer.getIfAvailable(() -> Tracer.NOOP),
                propagator.getIfAvailable(() -> Propagator.NOOP),
                service);
    }

    @Bean
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    FilterRegistrationBean<RequestLoggingFilter> requestLog(
            @Value("${spring.application.name}") String service) {
        var registration = new FilterRegistrationBean<>(new RequestLoggingFilter(service));
        registration.setOrder(INSIDE_THE_SPAN);
        return registration;
    }

    @Bean
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    WebMvcConfigurer orderLog() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                // Before all others, so that their refusals name the order.
                registry.addInterceptor(new OrderLogInterceptor())
                        .order(Ordered.HIGHEST_PRECEDENCE);
            }
        };
    }
}
