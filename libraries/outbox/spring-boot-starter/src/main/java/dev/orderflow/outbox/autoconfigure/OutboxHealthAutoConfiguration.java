package dev.orderflow.outbox.autoconfigure;

import dev.orderflow.outbox.OutboxMonitor;
import dev.orderflow.outbox.OutboxTarget.TargetState;
import java.util.TreeMap;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Health of the outbox's targets: part of `/actuator/health` and not of readiness, since events
/// are stored and wait while a target is missing. A detail names the oldest transaction that keeps
/// published events in the table, which is no failure of the outbox.
@AutoConfiguration(after = OutboxAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(OutboxRelays.class)
class OutboxHealthAutoConfiguration {

    @Bean
    @ConditionalOnEnabledHealthIndicator("outbox")
    HealthIndicator outboxHealthIndicator(OutboxRelays relays, OutboxMonitor monitor) {
        return () -> health(relays, monitor);
    }

    private static Health health(OutboxRelays relays, OutboxMonitor monitor) {
        boolean isDown = false;
        boolean isUnknown = false;
        var details = new TreeMap<String, Object>();
        for (var relay : relays.all()) {
            switch (relay.targetState()) {
                case TargetState.TargetExists _ -> details.put(relay.target(), "exists");
                case TargetState.TargetMissing _ -> {
                    isDown = true;
                    details.put(relay.target(), "does not exist");
                }
                case TargetState.TargetUnknown(var reason) -> {
                    isUnknown = true;
                    details.put(relay.target(), "unknown: " + reason);
                }
            }
            if (relays.isRunning() && !relay.isRunning()) {
                isDown = true;
                details.put(relay.target(), "not published to: the relay has ended");
            }
        }
        var health = isDown ? Health.down() : isUnknown ? Health.unknown() : Health.up();
        return health.withDetails(details)
                .withDetail("oldestTransaction", describeOldestTransaction(monitor))
                .build();
    }

    private static String describeOldestTransaction(OutboxMonitor monitor) {
        try {
            return monitor.findOldestTransaction()
                    .map(it -> "%s, %.0f s".formatted(it.description(), it.ageSeconds()))
                    .orElse("none");
        } catch (DataAccessException | TransactionException _) {
            return "unknown: the database does not answer";
        }
    }
}
