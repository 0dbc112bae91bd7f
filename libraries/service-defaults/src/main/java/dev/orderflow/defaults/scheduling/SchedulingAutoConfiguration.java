package dev.orderflow.defaults.scheduling;

import dev.orderflow.defaults.database.DatabaseFailures;
import dev.orderflow.defaults.tracing.LogFields;
import dev.orderflow.defaults.tracing.RedactedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/// Gives each scheduled task of a service a thread of its own.
///
/// Spring Boot's scheduler for virtual threads runs all tasks with a fixed delay on one thread, see
/// [org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler]: a task that takes long
/// would delay heartbeats, renewals of keys and leases, and the detection of stuck orders.
@AutoConfiguration(
        // A scheduler is an executor; Spring Boot creates its own only if there is none.
        after = TaskExecutionAutoConfiguration.class,
        before = TaskSchedulingAutoConfiguration.class)
class SchedulingAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(SchedulingAutoConfiguration.class);

    /// More than any service has scheduled tasks. Waiting virtual threads are cheap.
    static final int THREADS = 32;

    @Bean
    ThreadPoolTaskScheduler taskScheduler(@Value("${spring.application.name:}") String service) {
        var scheduler = new ThreadPoolTaskScheduler();
        scheduler.setPoolSize(THREADS);
        scheduler.setThreadFactory(Thread.ofVirtual().name("scheduled-", 0).factory());
        scheduler.setTaskDecorator(task -> () -> runFor(service, task));
        scheduler.setErrorHandler(SchedulingAutoConfiguration::report);
        return scheduler;
    }

    private static void runFor(String service, Runnable task) {
        MDC.put(LogFields.SERVICE, service);
        try {
            task.run();
        } finally {
            MDC.remove(LogFields.SERVICE);
        }
    }

    private static void report(Throwable failure) {
        if (DatabaseFailures.isOutage(failure)) {
            log.warn(
                    "scheduled task failed: database unavailable ({}); it runs again at its next"
                            + " scheduled time",
                    DatabaseFailures.sqlState(failure).orElse("no connection"));
        } else {
            log.error(
                    "scheduled task failed; it runs again at its next scheduled time",
                    RedactedException.of(failure));
        }
    }
}
