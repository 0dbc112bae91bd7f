package dev.orderflow.analytics.lambda;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.orderflow.defaults.database.DatabaseTimeoutProperties;
import dev.orderflow.defaults.database.RdsTokenGenerator;
import dev.orderflow.defaults.network.DnsCacheSettings;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/// The way to Postgres: a pool of one, since a function works on one batch at a time and each
/// instance of it has a pool of its own. What an instance slept through is found out before a
/// connection is used.
final class FunctionDatabase {

    private static final Logger log = LoggerFactory.getLogger(FunctionDatabase.class);

    /// So short that a whole batch, and each of its ten messages alone, find the database away
    /// within the function's time-out, and it can say so.
    private static final long CONNECTION_TIMEOUT_MILLIS = 1_500;

    /// How often it is waited for while the function starts and classes are loaded. Lambda grants
    /// that ten seconds.
    private static final int STARTUP_ATTEMPTS = 3;

    private FunctionDatabase() {}

    /// As the services enter it: with a token in place of a password.
    static HikariDataSource of(FunctionEnvironment environment) {
        var tokens =
                new RdsTokenGenerator(
                        DefaultCredentialsProvider.builder().build(),
                        DefaultAwsRegionProviderChain.builder().build().getRegion());
        var url = environment.databaseUrl();
        var user = environment.databaseUser();
        return of(url, user, () -> tokens.generate(url, user));
    }

    /// Connects while the function starts. A database that is away does not keep it from starting:
    /// then the messages come back.
    ///
    /// @param password asked for at each connection
    static HikariDataSource of(String url, String user, Supplier<String> password) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setCredentialsProvider(() -> Credentials.of(user, password.get()));
        config.setPoolName("analytics-lambda");
        config.setMaximumPoolSize(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        // Else a refused row is quoted in the exception, and so in the log.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        DatabaseTimeoutProperties.DEFAULTS.applyTo(config);
        DnsCacheSettings.apply();
        var pool = new HikariDataSource(config);
        for (int i = 0; i < STARTUP_ATTEMPTS; i++) {
            try (var _ = pool.getConnection()) {
                log.info("connected");
                return pool;
            } catch (SQLException notYet) {
                log.warn("no connection to the database yet");
            }
        }
        return pool;
    }
}
