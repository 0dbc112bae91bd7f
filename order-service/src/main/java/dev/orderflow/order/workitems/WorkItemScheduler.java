package dev.orderflow.order.workitems;

import dev.orderflow.defaults.problem.FailureDescription;
import dev.orderflow.order.domain.WorkItemKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.transaction.TransactionException;

/// Runs the stuck-order detector and publishes the number of open work items. Every instance
/// reports the same numbers, so alarms take the maximum, not the sum.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class WorkItemScheduler implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(WorkItemScheduler.class);

    private final StuckOrderDetector stuckOrders;
    private final WorkItemRepository workItems;
    private final Duration checkInterval;
    private volatile Map<WorkItemKind, Long> openByKind = Map.of();

    WorkItemScheduler(
            StuckOrderDetector stuckOrders,
            WorkItemRepository workItems,
            StuckOrderProperties properties,
            MeterRegistry meters) {
        this.stuckOrders = stuckOrders;
        this.workItems = workItems;
        this.checkInterval = properties.checkInterval();
        Gauge.builder("work.items.open", this, it -> it.totalOpen())
                .description("open work items")
                .register(meters);
        Gauge.builder("work.items.workflow.failed", this, it -> it.failedWorkflows())
                .description("open work items of failed workflows and failed compensations")
                .register(meters);
        for (var kind : WorkItemKind.values()) {
            Gauge.builder(
                            "work.items.open.by.kind",
                            this,
                            it -> it.openByKind.getOrDefault(kind, 0L))
                    .tag("kind", kind.name())
                    .register(meters);
        }
    }

    private double totalOpen() {
        return openByKind.values().stream().mapToLong(Long::longValue).sum();
    }

    private double failedWorkflows() {
        return openByKind.getOrDefault(WorkItemKind.WORKFLOW_FAILED, 0L)
                + openByKind.getOrDefault(WorkItemKind.COMPENSATION_FAILED, 0L);
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(this::refresh, checkInterval, checkInterval));
    }

    void refresh() {
        try {
            stuckOrders.openWorkItems();
            openByKind = workItems.countOpenByKind();
        } catch (DataAccessException | TransactionException failure) {
            log.warn(
                    "stuck orders not checked, retrying in {}: {}",
                    checkInterval,
                    FailureDescription.of(failure));
        }
    }
}
