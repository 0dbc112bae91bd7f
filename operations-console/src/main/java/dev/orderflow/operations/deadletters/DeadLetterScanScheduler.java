package dev.orderflow.operations.deadletters;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/// Scans the dead-letter queues periodically, and deletes discarded messages after their retention.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class DeadLetterScanScheduler implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterScanScheduler.class);
    private static final Duration DELETE_INTERVAL = Duration.ofMinutes(10);

    private final DeadLetterScanner scanner;
    private final DeadLetterProperties properties;
    private final DiscardedMessageService discarded;

    DeadLetterScanScheduler(
            DeadLetterScanner scanner,
            DeadLetterProperties properties,
            DiscardedMessageService discarded) {
        this.discarded = discarded;
        this.scanner = scanner;
        this.properties = properties;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(
                        scanner::scanChanged,
                        properties.scanInterval(),
                        properties.scanInterval()));
        registrar.addFixedDelayTask(
                new FixedDelayTask(this::deleteExpired, DELETE_INTERVAL, DELETE_INTERVAL));
    }

    private void deleteExpired() {
        try {
            discarded.deleteExpired();
        } catch (RuntimeException failure) {
            log.warn(
                    "discarded messages not deleted after their retention, retrying in {}: {}",
                    DELETE_INTERVAL,
                    failure.getClass().getSimpleName());
        }
    }
}
