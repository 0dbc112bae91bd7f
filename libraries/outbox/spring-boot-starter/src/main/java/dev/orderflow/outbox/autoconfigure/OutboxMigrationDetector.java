package dev.orderflow.outbox.autoconfigure;

import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;

/// Lets everything that uses the database wait for the outbox's tables.
final class OutboxMigrationDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

    @Override
    protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
        return Set.of(OutboxMigration.class);
    }

    /// After the application's own migrations, which want an empty database.
    @Override
    public int getOrder() {
        return Integer.MAX_VALUE - 10;
    }
}
