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

/// Tells subscribers and the customer. Whatever fails is repeated without mailing anybody twice.
@Service
public class NotificationService {

    private static final Logger log = LoggerFactory.getLogger(NotificationService.class);

    private final NotificationLog notificationLog;
    private final TopicPublisher topicPublisher;
    private final ContactClient contacts;
    private final MailSender mailSender;
    private final MeterRegistry meters;

    NotificationService(
            NotificationLog sentOnce,
            TopicPublisher subscribers,
            ContactClient contacts,
            MailSender post,
            MeterRegistry meters) {
        this.notificationLog = sentOnce;
        this.topicPublisher = subscribers;
        this.contacts = contacts;
        this.mailSender = post;
        this.meters = meters;
    }

    /// Tells everybody who is to hear of an event and has not heard yet. One who cannot be told
    /// does not keep it from the others.
    public NotificationResult send(OrderEvent event) {
        if (!EmailTemplate.appliesTo(event)) {
            return new NotificationResult.NotificationRejected("nobody is told of " + event.type());
        }
        var subscribersTold =
                sendOnce(event, NotificationChannel.TOPIC, () -> topicPublisher.publish(event));
        return subscribersTold.combine(sendEmail(event));
    }

    /// The contact is asked for before the claim: an order-service that is away must not leave a
    /// claim that looks like a mail.
    private NotificationResult sendEmail(OrderEvent event) {
        if (notificationLog.isSettled(event, NotificationChannel.EMAIL)) {
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
                log.info("nobody is mailed of {}: the customer was forgotten", event.eventId());
                yield new NotificationResult.NotificationCompleted();
            }
            case ContactClient.ContactResult.ContactOrderUnknown _ ->
                    new NotificationResult.NotificationRejected("there is no such order");
            case ContactClient.ContactResult.ContactInvalid(var why) ->
                    new NotificationResult.NotificationRejected("contact: " + why);
            case ContactClient.ContactResult.ContactUnavailable(var why) ->
                    new NotificationResult.NotificationDependencyUnavailable(
                            "order-service", "contact: " + why);
        };
    }

    private NotificationResult sendOnce(
            OrderEvent event, NotificationChannel channel, Supplier<SendResult> send) {
        return switch (notificationLog.claim(event, channel)) {
            case ClaimResult.AlreadySettled _ -> new NotificationResult.NotificationCompleted();
            case ClaimResult.ClaimedElsewhere _ ->
                    new NotificationResult.NotificationDeferred(channel + " is being told");
            case ClaimResult.ClaimGranted claim -> recordResult(event, channel, claim, send.get());
        };
    }

    private NotificationResult recordResult(
            OrderEvent event,
            NotificationChannel channel,
            ClaimResult.ClaimGranted claim,
            SendResult handed) {
        meters.counter(
                        "notifications",
                        "channel",
                        channel.name(),
                        "event",
                        event.type(),
                        "handed",
                        handed.name())
                .increment();
        return switch (handed) {
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
                yield new NotificationResult.NotificationRejected(channel + " was refused");
            }
            case UNKNOWN -> {
                notificationLog.markUnknown(claim);
                log.error("event {}: {} has unknown delivery status", event.eventId(), channel);
                yield new NotificationResult.NotificationCompleted();
            }
        };
    }

    /// Subscribers who cannot be told keep no mail from leaving, so the queue is not paused for
    /// them.
    private static NotificationResult retryLater(NotificationChannel channel) {
        return switch (channel) {
            case EMAIL ->
                    new NotificationResult.NotificationDependencyUnavailable("SES", "not sent");
            case TOPIC -> new NotificationResult.NotificationDeferred("SNS did not take it");
        };
    }
}
