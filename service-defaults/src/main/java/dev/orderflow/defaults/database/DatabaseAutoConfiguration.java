package dev.orderflow.defaults.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;

/// Has the pool ask for a token each time it opens a connection.
@AutoConfiguration
@ConditionalOnProperty("orderflow.database.iam")
class DatabaseAutoConfiguration {

    @Bean
    static BeanPostProcessor tokensForConnections(
            ObjectProvider<AwsCredentialsProvider> credentials,
            ObjectProvider<AwsRegionProvider> region) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof HikariDataSource pool) {
                    var tokens =
                            new DatabaseTokens(
                                    credentials.getObject(), region.getObject().getRegion());
                    pool.setCredentialsProvider(
                            () ->
                                    Credentials.of(
                                            pool.getUsername(),
                                            tokens.token(pool.getJdbcUrl(), pool.getUsername())));
                }
                return bean;
            }
        };
    }
}
