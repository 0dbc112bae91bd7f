package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxMonitor;
import dev.orderflow.outbox.RelayObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/// Meters of the outbox, if Micrometer is there.
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(OutboxMonitor.class)
class OutboxMetricsAutoConfiguration {

    @Bean
    MeterBinder outboxMeters(OutboxMonitor monitor, ObjectProvider<OutboxRelays> relays) {
        return new OutboxMeters(monitor, relays);
    }

    /// Of several registries Spring Boot makes one that writes to all of them the primary bean.
    @Bean
    @ConditionalOnMissingBean(MeteredRelayObserver.class)
    RelayObserver meteredRelayObserver(ObjectProvider<MeterRegistry> meters) {
        var registry = meters.getIfUnique();
        return registry == null ? RelayObserver.none() : new MeteredRelayObserver(registry);
    }
}
