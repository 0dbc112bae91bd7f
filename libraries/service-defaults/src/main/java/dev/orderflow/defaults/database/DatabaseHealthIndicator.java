package dev.orderflow.defaults.database;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/// Reports DOWN while the database is unreachable or rejects writes: a service that cannot store
/// anything is not ready.
final class DatabaseHealthIndicator extends AbstractHealthIndicator {

    private final DatabaseProbe probe;

    DatabaseHealthIndicator(DatabaseProbe probe) {
        this.probe = probe;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        switch (probe.check()) {
            case DatabaseProbe.DatabaseStatus.DatabaseAvailable _ -> health.up();
            case DatabaseProbe.DatabaseStatus.DatabaseUnavailable(var reason) ->
                    health.down().withDetail("reason", reason);
        }
    }
}
