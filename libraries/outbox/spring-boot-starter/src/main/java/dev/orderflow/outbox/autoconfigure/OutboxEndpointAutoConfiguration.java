package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxMonitor;
import dev.orderflow.outbox.ParkedEvents;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/// The actuator endpoint `outbox`, if it is exposed.
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(OutboxMonitor.class)
class OutboxEndpointAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint
    OutboxEndpoint outboxEndpoint(OutboxMonitor monitor, ParkedEvents parked) {
        return new OutboxEndpoint(monitor, parked);
    }
}
