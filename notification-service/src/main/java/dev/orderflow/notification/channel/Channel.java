package dev.orderflow.notification.channel;

/// How something is told.
public enum Channel {
    /// To the customer, through SES.
    EMAIL,
    /// To subscribers, through SNS.
    TOPIC
}
