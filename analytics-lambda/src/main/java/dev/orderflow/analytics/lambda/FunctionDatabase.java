package dev.orderflow.analytics.lambda;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.orderflow.defaults.aws.DnsCacheSettings;
import dev.orderflow.defaults.database.DatabaseTimeoutProperties;
import dev.orderflow.defaults.database.RdsTokenGenerator;
import dev.orderflow.defaults.problem.FailureDescription;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/// The connection pool of the function. Its size is one, since an instance handles one batch at a
/// time and has a pool of its own. A connection that broke while the instance was frozen is
/// detected before it is used.
final class FunctionDatabase {

    private static final Logger log = LoggerFactory.getLogger(FunctionDatabase.class);

    /// So short that a whole batch, and each of its ten messages on its own, can fail to connect
    /// and be reported within the function's time-out.
    private static final long CONNECTION_TIMEOUT_MILLIS = 1_500;

    /// The number of attempts to connect during initialisation, while classes are loaded. Lambda
    /// allows ten seconds for it.
    private static final int STARTUP_ATTEMPTS = 3;

    private FunctionDatabase() {}

    /// Authenticates with an IAM token instead of a password, as the services do.
    static HikariDataSource of(FunctionEnvironment environment) {
        var tokens =
                new RdsTokenGenerator(
                        DefaultCredentialsProvider.builder().build(),
                        DefaultAwsRegionProviderChain.builder().build().getRegion());
        var url = environment.databaseUrl();
        var user = environment.databaseUser();
        return of(url, user, () -> tokens.generate(url, user));
    }

    /// Connects during initialisation. If the database is unavailable, the function starts all the
    /// same, and its messages are delivered again.
    ///
    /// @param password called for each new connection
    static HikariDataSource of(String url, String user, Supplier<String> password) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setCredentialsProvider(() -> Credentials.of(user, password.get()));
        config.setPoolName("analytics-lambda");
        config.setMaximumPoolSize(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        // Otherwise exceptions, and so the log, would contain the values of a rejected row.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        DatabaseTimeoutProperties.DEFAULTS.applyTo(config);
        DnsCacheSettings.apply();
        var pool = new HikariDataSource(config);
        for (int attempt = 1; attempt <= STARTUP_ATTEMPTS; attempt++) {
            try (var _ = pool.getConnection()) {
                log.info("connected to the database");
                return pool;
            } catch (SQLException failure) {
                log.warn(
                        "cannot connect to the database, attempt {} of {}: {}",
                        attempt,
                        STARTUP_ATTEMPTS,
                        FailureDescription.of(failure));
            }
        }
        return pool;
    }
}
