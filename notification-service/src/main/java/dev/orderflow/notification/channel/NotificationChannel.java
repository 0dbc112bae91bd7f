package dev.orderflow.notification.channel;

/// How something is told.
public enum NotificationChannel {
    /// To the customer, through SES.
    EMAIL,
    /// To subscribers, through SNS.
    TOPIC
}
