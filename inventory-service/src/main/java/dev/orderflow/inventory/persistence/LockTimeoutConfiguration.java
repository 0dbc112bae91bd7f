package dev.orderflow.inventory.persistence;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/// Makes a lock that was not granted in time a transient failure, which is answered 503 with
/// `Retry-After`. The translation by SQL state, Spring's default, does not know Postgres's
/// `55P03`.
@Configuration(proxyBeanMethods = false)
class LockTimeoutConfiguration {

    @Bean
    SQLExceptionTranslator postgresErrors() {
        return new SQLErrorCodeSQLExceptionTranslator("PostgreSQL");
    }
}
