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
        return new ExpiredResponseCleanup(requests, ExpiredResponseCleanup.BATCH_SIZE);
    }

    /// Deletes expired responses; concurrent runs on several instances are harmless.
    static final class ExpiredResponseCleanup {

        /// Small enough to lock nothing for long, and to leave little to repeat after a failure.
        static final int BATCH_SIZE = 10_000;

        private static final Logger log = LoggerFactory.getLogger(ExpiredResponseCleanup.class);

        private final IdempotentRequests requests;
        private final int batchSize;

        ExpiredResponseCleanup(IdempotentRequests requests, int batchSize) {
            this.requests = requests;
            this.batchSize = batchSize;
        }

        @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT10M")
        void deleteExpired() {
            try {
                deleteInBatches();
            } catch (DataAccessException failed) {
                log.warn(
                        "expired responses not deleted, database call failed, retrying in 10 minutes: {}",
                        FailureDescription.of(failed));
            }
        }

        /// As many batches as it takes: at 600 orders a second, 36 of them expire in 10 minutes.
        private void deleteInBatches() {
            int batches = 0;
            long deleted = 0;
            int last;
            do {
                last = requests.deleteExpired(batchSize);
                deleted += last;
                batches++;
            } while (last == batchSize && !Thread.currentThread().isInterrupted());
            if (batches > 1) {
                log.info("deleted {} expired responses in {} batches", deleted, batches);
            } else {
                log.debug("deleted {} expired responses", deleted);
            }
        }
    }
}
