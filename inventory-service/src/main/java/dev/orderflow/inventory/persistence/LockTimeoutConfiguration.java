package dev.orderflow.inventory.persistence;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/// Translates a lock time-out to a transient exception, which is answered with 503 and
/// `Retry-After`. Spring's default translation by SQL state does not know Postgres's `55P03`.
@Configuration(proxyBeanMethods = false)
class LockTimeoutConfiguration {

    @Bean
    SQLExceptionTranslator postgresErrors() {
        return new SQLErrorCodeSQLExceptionTranslator("PostgreSQL");
    }
}
