package dev.orderflow.notification.channel;

/// The channel of a notification.
public enum NotificationChannel {
    /// An e-mail to the customer through SES.
    EMAIL,
    /// A message to the subscribers of the SNS topic.
    TOPIC
}
