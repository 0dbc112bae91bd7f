package dev.orderflow.operations.auditor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.transaction.TransactionException;

/// Keeps the audit going. Every instance shows the metrics; one at a time audits.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(AuditorProperties.class)
class AuditScheduler implements SchedulingConfigurer {

    private static final Logger log = LoggerFactory.getLogger(AuditScheduler.class);

    private final Auditor auditor;
    private final ViolationLog violations;
    private final AuditCursor progress;
    private final AuditMeters meters;
    private final AuditorProperties properties;

    AuditScheduler(
            Auditor auditor,
            ViolationLog violations,
            AuditCursor progress,
            AuditMeters meters,
            AuditorProperties properties) {
        this.auditor = auditor;
        this.violations = violations;
        this.progress = progress;
        this.meters = meters;
        this.properties = properties;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(this::runOnce, properties.every(), properties.every()));
    }

    void runOnce() {
        try {
            auditor.runOnce();
            meters.open(violations.open());
            meters.lag(progress.lag());
        } catch (DataAccessException | TransactionException later) {
            log.warn("audit round skipped, the database is unavailable: {}", later.toString());
        }
    }
}
