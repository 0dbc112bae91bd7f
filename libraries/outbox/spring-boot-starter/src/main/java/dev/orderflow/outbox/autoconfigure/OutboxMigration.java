package dev.orderflow.outbox.autoconfigure;

import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;

/// Creates and migrates the outbox's tables. They have a schema history of their own, so that their
/// version numbers and the application's do not meet.
public final class OutboxMigration {

    /// @param customizers are applied first, for example for time-outs
    OutboxMigration(DataSource database, List<FlywayConfigurationCustomizer> customizers) {
        var flyway = Flyway.configure().dataSource(database);
        customizers.forEach(it -> it.customize(flyway));
        flyway.locations("classpath:db/outbox")
                .table("outbox_schema_history")
                // The application's own tables may be there already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
