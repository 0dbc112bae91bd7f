package dev.orderflow.notification;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How notification-service is set up.
///
/// @param queue where it hears what to tell
/// @param topicArn where subscribers listen
/// @param from the sender of customers' mail, an identity that SES has verified
/// @param orderServiceUrl where contacts are asked for
/// @param claimLifetime how long a mail may take to be handed over; a claim older than this was
///     left
///     behind by a crash
@ConfigurationProperties("orderflow.notification")
public record NotificationProperties(
        String queue,
        String topicArn,
        String from,
        URI orderServiceUrl,
        @DefaultValue("5m") Duration claimLifetime) {

    public NotificationProperties {
        if (from.contains("\n") || from.contains("\r") || !from.contains("@")) {
            throw new IllegalArgumentException("orderflow.notification.from must be an address");
        }
    }
}
