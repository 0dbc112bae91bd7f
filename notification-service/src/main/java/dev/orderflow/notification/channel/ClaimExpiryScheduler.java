package dev.orderflow.notification.channel;

import dev.orderflow.notification.NotificationProperties;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;
import org.springframework.stereotype.Component;

/// Completes notifications with expired claims at a fixed interval on every instance.
@Component
class ClaimExpiryScheduler implements SchedulingConfigurer {

    private final NotificationLog notificationLog;
    private final NotificationProperties properties;

    ClaimExpiryScheduler(NotificationLog notificationLog, NotificationProperties properties) {
        this.notificationLog = notificationLog;
        this.properties = properties;
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar registrar) {
        registrar.addFixedDelayTask(notificationLog::expireClaims, properties.claimCheckInterval());
    }
}
