package dev.orderflow.notification.channel;

import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.notification.channel.NotificationLog.ClaimResult;
import dev.orderflow.notification.contact.ContactClient;
import dev.orderflow.notification.template.EmailTemplate;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Sends the notifications of an event to the subscribers and the customer. A failed notification
/// is repeated without sending the other one again.
@Service
public class NotificationService {

    private static final Logger log = LoggerFactory.getLogger(NotificationService.class);

    private final NotificationLog notificationLog;
    private final TopicPublisher topicPublisher;
    private final ContactClient contacts;
    private final MailSender mailSender;
    private final MeterRegistry meters;

    NotificationService(
            NotificationLog notificationLog,
            TopicPublisher topicPublisher,
            ContactClient contacts,
            MailSender mailSender,
            MeterRegistry meters) {
        this.notificationLog = notificationLog;
        this.topicPublisher = topicPublisher;
        this.contacts = contacts;
        this.mailSender = mailSender;
        this.meters = meters;
    }

    /// Sends each notification of an event that is not yet sent. A failure of one channel does not
    /// affect the other.
    public NotificationResult send(OrderEvent event) {
        if (!EmailTemplate.appliesTo(event)) {
            return new NotificationResult.NotificationRejected(
                    "no notification for " + event.type());
        }
        var published =
                sendOnce(event, NotificationChannel.TOPIC, () -> topicPublisher.publish(event));
        return published.combine(sendEmail(event));
    }

    /// Requests the contact before the claim: if order-service is unavailable, no claim may remain
    /// that looks like an e-mail in progress.
    private NotificationResult sendEmail(OrderEvent event) {
        if (notificationLog.isCompleted(event, NotificationChannel.EMAIL)) {
            return new NotificationResult.NotificationCompleted();
        }
        return switch (contacts.findContact(event.orderId())) {
            case ContactClient.ContactResult.ContactFound(var contact) ->
                    sendOnce(
                            event,
                            NotificationChannel.EMAIL,
                            () ->
                                    mailSender.send(
                                            contact.email(),
                                            EmailTemplate.render(event, contact.name())));
            case ContactClient.ContactResult.ContactErased _ -> {
                log.info("event {}: no e-mail, the customer's data was erased", event.eventId());
                yield new NotificationResult.NotificationCompleted();
            }
            case ContactClient.ContactResult.ContactOrderUnknown _ ->
                    new NotificationResult.NotificationRejected(
                            "order-service does not know the order");
            case ContactClient.ContactResult.ContactInvalid(var reason) ->
                    new NotificationResult.NotificationRejected("contact: " + reason);
            case ContactClient.ContactResult.ContactUnavailable(var reason) ->
                    new NotificationResult.NotificationDependencyUnavailable(
                            "order-service", "contact: " + reason);
        };
    }

    private NotificationResult sendOnce(
            OrderEvent event, NotificationChannel channel, Supplier<SendResult> send) {
        return switch (notificationLog.claim(event, channel)) {
            case ClaimResult.AlreadyCompleted _ -> new NotificationResult.NotificationCompleted();
            case ClaimResult.ClaimedElsewhere _ ->
                    new NotificationResult.NotificationDeferred(
                            "another delivery is sending the " + channel + " notification");
            case ClaimResult.ClaimGranted claim -> recordResult(event, channel, claim, send.get());
        };
    }

    private NotificationResult recordResult(
            OrderEvent event,
            NotificationChannel channel,
            ClaimResult.ClaimGranted claim,
            SendResult result) {
        meters.counter(
                        "notifications",
                        "channel",
                        channel.name(),
                        "event",
                        event.type(),
                        "result",
                        result.name())
                .increment();
        return switch (result) {
            case SENT -> {
                notificationLog.markSent(claim);
                yield new NotificationResult.NotificationCompleted();
            }
            case NOT_SENT -> {
                notificationLog.releaseClaim(claim);
                yield retryLater(channel);
            }
            case REJECTED -> {
                notificationLog.releaseClaim(claim);
                yield new NotificationResult.NotificationRejected(
                        channel + " notification was refused");
            }
            case UNKNOWN -> {
                notificationLog.markUnknown(claim);
                log.error(
                        "event {}: the {} notification has unknown delivery status; resolve it"
                                + " with 'orderflow notifications resolve'",
                        event.eventId(),
                        channel);
                yield new NotificationResult.NotificationCompleted();
            }
        };
    }

    /// Polling is paused while SES is unavailable, but not for SNS: its failures delay no e-mail.
    private static NotificationResult retryLater(NotificationChannel channel) {
        return switch (channel) {
            case EMAIL ->
                    new NotificationResult.NotificationDependencyUnavailable(
                            "SES", "e-mail not sent");
            case TOPIC -> new NotificationResult.NotificationDeferred("SNS Publish failed");
        };
    }
}
