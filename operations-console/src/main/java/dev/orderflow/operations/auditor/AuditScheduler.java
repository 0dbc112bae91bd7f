package dev.orderflow.operations.auditor;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/// Runs the audit periodically. One instance at a time audits, every instance publishes the meters.
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(AuditorProperties.class)
class AuditScheduler implements SchedulingConfigurer {

    private final Auditor auditor;
    private final ViolationLog violations;
    private final AuditCursor cursor;
    private final AuditMeters meters;
    private final AuditorProperties properties;

    AuditScheduler(
            Auditor auditor,
            ViolationLog violations,
            AuditCursor cursor,
            AuditMeters meters,
            AuditorProperties properties) {
        this.auditor = auditor;
        this.violations = violations;
        this.cursor = cursor;
        this.meters = meters;
        this.properties = properties;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(
                new FixedDelayTask(this::runOnce, properties.interval(), properties.interval()));
    }

    void runOnce() {
        auditor.runOnce();
        meters.updateOpenViolations(violations.countOpen());
        meters.updateLag(cursor.lag());
    }
}
