package dev.orderflow.operations.redrive;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/// Looks for redrives whose instances died.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class RedriveTakeOverScheduler implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(RedriveTakeOverScheduler.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final RedriveService redrives;

    RedriveTakeOverScheduler(RedriveService redrives) {
        this.redrives = redrives;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(new FixedDelayTask(this::takeOver, INTERVAL, INTERVAL));
    }

    private void takeOver() {
        try {
            redrives.takeOver();
        } catch (RuntimeException failure) {
            log.warn(
                    "redrives of other instances could not be read, retrying in {}: {}",
                    INTERVAL,
                    failure.getClass().getSimpleName());
        }
    }
}
