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

/// Gives each `@Scheduled` method of a service a thread of its own.
///
/// Spring Boot's scheduler for virtual threads runs all tasks with a fixed delay on one thread, see
/// [org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler]: a loop over a backlog
/// would delay heartbeats, renewals of keys and leases, and the look for stuck orders.
@AutoConfiguration(
        // A scheduler is an executor, and Spring Boot offers its own only where there is none.
        after = TaskExecutionAutoConfiguration.class,
        before = TaskSchedulingAutoConfiguration.class)
class SchedulingAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(SchedulingAutoConfiguration.class);

    /// More than a service has scheduled methods. A virtual thread that waits costs next to
    /// nothing.
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
                    "a scheduled task failed, the database is unavailable ({}); it will run again"
                            + " when it is due",
                    DatabaseFailures.sqlState(failure).orElse("no connection"));
        } else {
            log.error(
                    "a scheduled task failed; it will run again when it is due",
                    RedactedException.of(failure));
        }
    }
}
