package dev.orderflow.defaults.history;

import dev.orderflow.defaults.tracing.TracePropagation;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Provides [OrderIncidents] for services with a database. The service has the table
/// `order_incident`, and of the requests of operators, for services with `operator_action`.
@AutoConfiguration(after = JdbcClientAutoConfiguration.class)
@ConditionalOnBean(JdbcClient.class)
public final class OrderHistoryAutoConfiguration {

    /// Within the span of the request, so that the incident has its trace.
    private static final int INSIDE_THE_SPAN = Ordered.HIGHEST_PRECEDENCE + 11;

    @Bean
    OrderIncidents orderIncidents(
            JdbcClient jdbc,
            TracePropagation traces,
            @Value("${spring.application.name}") String service) {
        return new JdbcOrderIncidents(jdbc, traces, service);
    }

    @Bean
    OperatorActionHistory operatorActionHistory(JdbcClient jdbc) {
        return new OperatorActionHistory(jdbc);
    }

    @Bean
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    FilterRegistrationBean<RepeatedRequestFilter> repeatedRequests(OrderIncidents incidents) {
        var registration = new FilterRegistrationBean<>(new RepeatedRequestFilter(incidents));
        registration.setOrder(INSIDE_THE_SPAN);
        return registration;
    }
}
