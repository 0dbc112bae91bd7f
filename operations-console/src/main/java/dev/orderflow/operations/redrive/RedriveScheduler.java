package dev.orderflow.operations.redrive;

import dev.orderflow.defaults.problem.FailureDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/// Looks for redrives whose instances died, and for the results of redriven items.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(RedriveProperties.class)
class RedriveScheduler implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(RedriveScheduler.class);

    private final RedriveService redrives;
    private final RedriveResultService results;
    private final RedriveProperties properties;

    RedriveScheduler(
            RedriveService redrives, RedriveResultService results, RedriveProperties properties) {
        this.redrives = redrives;
        this.results = results;
        this.properties = properties;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(
                        this::takeOver,
                        properties.takeOverInterval(),
                        properties.takeOverInterval()));
        registrar.addFixedDelayTask(
                new FixedDelayTask(
                        this::checkResults,
                        properties.resultInterval(),
                        properties.resultInterval()));
    }

    private void takeOver() {
        try {
            redrives.takeOver();
        } catch (RuntimeException failure) {
            log.warn(
                    "redrives of other instances could not be read, retrying in {}: {}",
                    properties.takeOverInterval(),
                    FailureDescription.of(failure));
        }
    }

    private void checkResults() {
        try {
            while (results.checkDue()) {
                // The next ones.
            }
        } catch (RuntimeException failure) {
            log.warn(
                    "results of redrives could not be checked, retrying in {}: {}",
                    properties.resultInterval(),
                    FailureDescription.of(failure));
        }
    }
}
