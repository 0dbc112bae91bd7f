package dev.orderflow.outbox.autoconfigure;

import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;

/// Creates and migrates the outbox's tables. They have a schema history of their own, so that their
/// version numbers and the application's do not meet.
public final class OutboxMigration {

    /// Where the migrations are, for other tools.
    public static final String LOCATION = "classpath:db/outbox";

    private static final String HISTORY_TABLE = "outbox_schema_history";

    /// @param customizers are applied first, for example for time-outs
    OutboxMigration(DataSource database, List<FlywayConfigurationCustomizer> customizers) {
        var flyway = Flyway.configure().dataSource(database);
        customizers.forEach(it -> it.customize(flyway));
        migrate(flyway);
    }

    /// Migrates a database without Spring, for example for a test.
    public static void migrate(DataSource database) {
        migrate(Flyway.configure().dataSource(database));
    }

    private static void migrate(FluentConfiguration flyway) {
        flyway.locations(LOCATION)
                .table(HISTORY_TABLE)
                // The application's own tables may be there already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}
