package dev.orderflow.defaults.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;

/// Sets the time-outs of database connections, provides the database health check, and with
/// `orderflow.database.iam` lets the pool authenticate each new connection with an IAM token.
@AutoConfiguration(
        after = DataSourceAutoConfiguration.class,
        before = DataSourceHealthContributorAutoConfiguration.class)
@EnableConfigurationProperties(DatabaseTimeoutProperties.class)
class DatabaseAutoConfiguration {

    /// Binds the environment, because the properties bean would be created too early here.
    @Bean
    static BeanPostProcessor timeoutsForConnections(Environment environment) {
        var timeouts =
                Binder.get(environment)
                        .bindOrCreate(
                                "orderflow.database.timeouts",
                                Bindable.of(DatabaseTimeoutProperties.class));
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource pool) {
                    timeouts.applyTo(pool);
                }
                return bean;
            }
        };
    }

    @Bean
    FlywayConfigurationCustomizer timeForMigrations(DatabaseTimeoutProperties timeouts) {
        return flyway -> {
            if (flyway.getDataSource() != null) {
                flyway.dataSource(
                        new MigrationDataSource(flyway.getDataSource(), timeouts.migration()));
            }
        };
    }

    @Bean
    @ConditionalOnBean(DataSource.class)
    DatabaseProbe databaseProbe(DataSource database) {
        return new DatabaseProbe(database);
    }

    /// Replaces the health check of Spring Boot, which does not detect a full disk.
    @Bean
    @ConditionalOnBean(DatabaseProbe.class)
    HealthContributor dbHealthContributor(DatabaseProbe probe) {
        return new DatabaseHealthIndicator(probe);
    }

    /// The meter `database.unavailable`: 1 while the database is unreachable or rejects writes. All
    /// services together detect an outage of the database by it.
    @Bean
    @ConditionalOnBean(DatabaseProbe.class)
    MeterBinder databaseUnavailableMeter(DatabaseProbe probe) {
        return registry ->
                Gauge.builder("database.unavailable", probe, it -> it.isAvailable() ? 0 : 1)
                        .description("1 while the database is unreachable or rejects writes")
                        .register(registry);
    }

    @Bean
    @ConditionalOnProperty("orderflow.database.iam")
    static BeanPostProcessor tokensForConnections(
            ObjectProvider<AwsCredentialsProvider> credentials,
            ObjectProvider<AwsRegionProvider> region) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource pool) {
                    var tokens =
                            new RdsTokenGenerator(
                                    credentials.getObject(), region.getObject().getRegion());
                    pool.setCredentialsProvider(
                            () ->
                                    Credentials.of(
                                            pool.getUsername(),
                                            tokens.generate(
                                                    pool.getJdbcUrl(), pool.getUsername())));
                }
                return bean;
            }
        };
    }
}
