package dev.orderflow.operations.redrive;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/// Looks for redrives whose instances died, and for the results of redriven items.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class RedriveScheduler implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(RedriveScheduler.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final RedriveService redrives;
    private final RedriveResultService results;
    private final Duration takeOverInterval;

    RedriveScheduler(
            RedriveService redrives,
            RedriveResultService results,
            @Value("${orderflow.operations.redrive-take-over-interval:5s}")
                    Duration takeOverInterval) {
        this.takeOverInterval = takeOverInterval;
        this.results = results;
        this.redrives = redrives;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(this::takeOver, takeOverInterval, takeOverInterval));
        registrar.addFixedDelayTask(
                new FixedDelayTask(this::checkResults, CHECK_INTERVAL, CHECK_INTERVAL));
    }

    private void takeOver() {
        try {
            redrives.takeOver();
        } catch (RuntimeException failure) {
            log.warn(
                    "redrives of other instances could not be read, retrying in {}: {}",
                    takeOverInterval,
                    failure.getClass().getSimpleName());
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
                    CHECK_INTERVAL,
                    failure.getClass().getSimpleName());
        }
    }
}
