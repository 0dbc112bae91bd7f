package dev.orderflow.order.attention;

import dev.orderflow.order.domain.Concern;
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
class AttentionConfiguration {

    private static final Logger log = LoggerFactory.getLogger(AttentionConfiguration.class);

    private final OverdueOrders overdue;
    private final WorkItems items;
    private volatile Map<Concern, Long> open = Map.of();

    AttentionConfiguration(OverdueOrders overdue, WorkItems items, MeterRegistry meters) {
        this.overdue = overdue;
        this.items = items;
        Gauge.builder("work.items.open", this, it -> it.sum())
                .description("orders that wait for a person, each for a reason")
                .register(meters);
        Gauge.builder("work.items.workflow.failed", this, it -> it.failedWorkflows())
                .description("orders whose workflow ended badly, until that is resolved")
                .register(meters);
        for (var kind : Concern.values()) {
            Gauge.builder("work.items.open.by.kind", this, it -> it.open.getOrDefault(kind, 0L))
                    .tag("kind", kind.name())
                    .register(meters);
        }
    }

    private double sum() {
        return open.values().stream().mapToLong(Long::longValue).sum();
    }

    private double failedWorkflows() {
        return open.getOrDefault(Concern.WORKFLOW_FAILED, 0L)
                + open.getOrDefault(Concern.COMPENSATION_FAILED, 0L);
    }

    @Scheduled(
            initialDelayString = "${orderflow.order.overdue.look-every:1m}",
            fixedDelayString = "${orderflow.order.overdue.look-every:1m}")
    void look() {
        try {
            overdue.look();
            open = items.counts();
        } catch (DataAccessException | TransactionException later) {
            log.info("stuck orders not checked, database call failed: {}", later.toString());
        }
    }
}
