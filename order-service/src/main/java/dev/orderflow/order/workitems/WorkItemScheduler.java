package dev.orderflow.order.workitems;

import dev.orderflow.order.domain.WorkItemKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;

/// Looks for orders that stand still, and counts what is open for the alarms. Every instance tells
/// the same counts, so take the maximum, not the sum.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class WorkItemScheduler {

    private static final Logger log = LoggerFactory.getLogger(WorkItemScheduler.class);

    private final StuckOrderDetector stuckOrders;
    private final WorkItems workItems;
    private volatile Map<WorkItemKind, Long> openByKind = Map.of();

    WorkItemScheduler(StuckOrderDetector overdue, WorkItems items, MeterRegistry meters) {
        this.stuckOrders = overdue;
        this.workItems = items;
        Gauge.builder("work.items.open", this, it -> it.totalOpen())
                .description("orders that wait for a person, each for a reason")
                .register(meters);
        Gauge.builder("work.items.workflow.failed", this, it -> it.failedWorkflows())
                .description("orders whose workflow ended badly, until that is resolved")
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

    @Scheduled(
            initialDelayString = "${orderflow.order.stuck-orders.check-interval:1m}",
            fixedDelayString = "${orderflow.order.stuck-orders.check-interval:1m}")
    void refresh() {
        try {
            stuckOrders.raiseWorkItems();
            openByKind = workItems.countOpenByKind();
        } catch (DataAccessException | TransactionException later) {
            log.info("stuck orders not checked, database call failed: {}", later.toString());
        }
    }
}
