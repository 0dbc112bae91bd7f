package dev.orderflow.operations.deadletters;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/// Scans the dead-letter queues periodically.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class DeadLetterScanScheduler implements SchedulingConfigurer {

    private final DeadLetterScanner scanner;
    private final DeadLetterProperties properties;

    DeadLetterScanScheduler(DeadLetterScanner scanner, DeadLetterProperties properties) {
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
    }
}
