package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxTarget.TargetState;
import java.util.TreeMap;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/// Health of the outbox's targets: part of `/actuator/health` and not of readiness, since events
/// are stored and wait while a target is missing.
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(OutboxRelays.class)
class OutboxHealthAutoConfiguration {

    @Bean
    @ConditionalOnEnabledHealthIndicator("outbox")
    HealthIndicator outboxHealthIndicator(OutboxRelays relays) {
        return () -> health(relays);
    }

    private static Health health(OutboxRelays relays) {
        boolean isMissing = false;
        boolean isUnknown = false;
        var details = new TreeMap<String, Object>();
        for (var relay : relays.all()) {
            switch (relay.targetState()) {
                case TargetState.TargetExists _ -> details.put(relay.target(), "exists");
                case TargetState.TargetMissing _ -> {
                    isMissing = true;
                    details.put(relay.target(), "does not exist");
                }
                case TargetState.TargetUnknown(var reason) -> {
                    isUnknown = true;
                    details.put(relay.target(), "unknown: " + reason);
                }
            }
        }
        var health = isMissing ? Health.down() : isUnknown ? Health.unknown() : Health.up();
        return health.withDetails(details).build();
    }
}
