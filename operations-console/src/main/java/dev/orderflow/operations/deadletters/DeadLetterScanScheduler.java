package dev.orderflow.operations.deadletters;

import dev.orderflow.defaults.problem.FailureDescription;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/// Scans the dead-letter queues and samples all queues periodically, and deletes discarded messages
/// and samples after their retention.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class DeadLetterScanScheduler implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterScanScheduler.class);
    private static final Duration DELETE_INTERVAL = Duration.ofMinutes(10);

    /// Less than a minute, so that each minute has a sample.
    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(20);

    private final DeadLetterScanner scanner;
    private final DeadLetterProperties properties;
    private final DiscardedMessageService discarded;
    private final QueueSamples samples;

    DeadLetterScanScheduler(
            DeadLetterScanner scanner,
            DeadLetterProperties properties,
            DiscardedMessageService discarded,
            QueueSamples samples) {
        this.samples = samples;
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
        registrar.addFixedDelayTask(
                new FixedDelayTask(this::sample, SAMPLE_INTERVAL, properties.scanInterval()));
    }

    private void sample() {
        try {
            samples.sample();
        } catch (RuntimeException failure) {
            log.warn(
                    "queues not sampled, retrying in {}: {}",
                    SAMPLE_INTERVAL,
                    FailureDescription.of(failure));
        }
    }

    private void deleteExpired() {
        try {
            samples.deleteOld();
            discarded.deleteExpired();
        } catch (RuntimeException failure) {
            log.warn(
                    "discarded messages and samples not deleted after their retention, retrying in {}: {}",
                    DELETE_INTERVAL,
                    FailureDescription.of(failure));
        }
    }
}
