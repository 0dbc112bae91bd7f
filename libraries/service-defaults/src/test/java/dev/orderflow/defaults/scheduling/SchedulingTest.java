package dev.orderflow.defaults.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.defaults.tracing.LogFields;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/// Scheduled methods of one service beside each other.
@ExtendWith(OutputCaptureExtension.class)
class SchedulingTest {

    private final ApplicationContextRunner service =
            new ApplicationContextRunner()
                    .withPropertyValues(
                            "spring.threads.virtual.enabled=true",
                            "spring.application.name=shipping-service")
                    .withConfiguration(
                            AutoConfigurations.of(
                                    TaskExecutionAutoConfiguration.class,
                                    SchedulingAutoConfiguration.class,
                                    TaskSchedulingAutoConfiguration.class))
                    .withUserConfiguration(FailingTasks.class);

    @Test
    void aLongTaskDelaysNoOtherTaskAndNeverOverlapsItself() {
        service.run(
                context -> {
                    var tasks = context.getBean(FailingTasks.class);
                    await().until(() -> tasks.backlogs.get() > 0);
                    int before = tasks.heartbeats.get();
                    await().until(() -> tasks.heartbeats.get() > before + 10);
                    assertThat(tasks.backlogs).hasValue(1);
                    tasks.backlogIsWorkedOff.countDown();
                    await().until(() -> tasks.backlogs.get() > 1);
                });
    }

    @Test
    void aFailedTaskRunsAgainAndItsFailureIsLoggedWithoutValues(CapturedOutput output) {
        service.run(
                context -> {
                    var tasks = context.getBean(FailingTasks.class);
                    tasks.failure.set(
                            new IllegalStateException("cannot read 'x' of ada@example.org"));
                    int before = tasks.heartbeats.get();
                    await().until(() -> tasks.heartbeats.get() > before + 2);
                    tasks.backlogIsWorkedOff.countDown();
                });
        assertThat(output)
                .contains("scheduled task failed", "cannot read")
                .doesNotContain("ada@example.org");
    }

    @Test
    void anOutageOfTheDatabaseIsOneLineWithoutAStackTrace(CapturedOutput output) {
        service.run(
                context -> {
                    var tasks = context.getBean(FailingTasks.class);
                    tasks.failure.set(
                            new IllegalStateException(new SQLException("refused", "08001")));
                    int before = tasks.heartbeats.get();
                    await().until(() -> tasks.heartbeats.get() > before + 2);
                    tasks.backlogIsWorkedOff.countDown();
                });
        assertThat(output)
                .contains("database unavailable (08001)")
                .doesNotContain("IllegalStateException");
    }

    @Test
    void aTaskLogsForItsService() {
        service.run(
                context -> {
                    var tasks = context.getBean(FailingTasks.class);
                    await().until(() -> tasks.heartbeats.get() > 0);
                    assertThat(tasks.service).hasValue("shipping-service");
                    tasks.backlogIsWorkedOff.countDown();
                });
    }

    @Test
    void asynchronousWorkKeepsItsOwnExecutor() {
        service.run(
                context -> {
                    assertThat(context).hasBean("applicationTaskExecutor");
                    context.getBean(FailingTasks.class).backlogIsWorkedOff.countDown();
                });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class FailingTasks {

        private final AtomicInteger backlogs = new AtomicInteger();
        private final AtomicInteger heartbeats = new AtomicInteger();
        private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        private final AtomicReference<@Nullable String> service = new AtomicReference<>();
        private final CountDownLatch backlogIsWorkedOff = new CountDownLatch(1);

        @Scheduled(fixedDelay = 1)
        void workOffBacklog() throws InterruptedException {
            backlogs.incrementAndGet();
            backlogIsWorkedOff.await();
        }

        @Scheduled(fixedDelay = 1)
        void sendHeartbeats() {
            service.set(MDC.get(LogFields.SERVICE));
            heartbeats.incrementAndGet();
            var broken = failure.get();
            if (broken != null) {
                throw broken;
            }
        }
    }
}
