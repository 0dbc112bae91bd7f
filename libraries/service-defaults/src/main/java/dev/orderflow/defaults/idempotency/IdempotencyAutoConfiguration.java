package dev.orderflow.defaults.idempotency;

import dev.orderflow.defaults.problem.FailureDescription;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Provides [IdempotentRequests] for services that enable it with
/// `orderflow.idempotency.retention`.
@AutoConfiguration(after = {JdbcClientAutoConfiguration.class, HibernateJpaAutoConfiguration.class})
@ConditionalOnBean(JdbcClient.class)
@ConditionalOnProperty("orderflow.idempotency.retention")
@EnableConfigurationProperties(IdempotencyAutoConfiguration.IdempotencyProperties.class)
@EnableScheduling
class IdempotencyAutoConfiguration {

    /// @param retention how long a response is kept and its key cannot be used for another request.
    ///     One day covers automatic retries of clients; the API documentation states it.
    @ConfigurationProperties("orderflow.idempotency")
    record IdempotencyProperties(@DefaultValue("24h") Duration retention) {}

    @Bean
    IdempotentRequests idempotentRequests(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            JsonMapper json,
            IdempotencyProperties properties) {
        return new IdempotentRequests(
                jdbc, new TransactionTemplate(transactions), json, properties.retention());
    }

    @Bean
    ExpiredResponseCleanup expiredResponseCleanup(IdempotentRequests requests) {
        return new ExpiredResponseCleanup(requests);
    }

    /// Deletes expired responses; concurrent runs on several instances are harmless.
    static final class ExpiredResponseCleanup {

        private static final Logger log = LoggerFactory.getLogger(ExpiredResponseCleanup.class);

        private final IdempotentRequests requests;

        ExpiredResponseCleanup(IdempotentRequests requests) {
            this.requests = requests;
        }

        @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT10M")
        void deleteExpired() {
            try {
                log.debug("deleted {} expired responses", requests.deleteExpired());
            } catch (DataAccessException failed) {
                log.warn(
                        "expired responses not deleted, database call failed, retrying in 10 minutes: {}",
                        FailureDescription.of(failed));
            }
        }
    }
}
