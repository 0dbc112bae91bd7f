package dev.orderflow.order.publishing;

import dev.orderflow.outbox.RecordingTarget;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Replaces the event bus of the running service in tests.
@Configuration(proxyBeanMethods = false)
class RecordingTargetConfiguration {

    @Bean("events")
    RecordingTarget events() {
        return new RecordingTarget();
    }
}
