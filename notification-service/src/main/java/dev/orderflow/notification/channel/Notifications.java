package dev.orderflow.notification.channel;

import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.notification.channel.SentOnce.Claim;
import dev.orderflow.notification.message.Letter;
import dev.orderflow.notification.orders.Contacts;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Tells subscribers and the customer. Whatever fails is repeated without mailing anybody twice.
@Service
public class Notifications {

    private static final Logger log = LoggerFactory.getLogger(Notifications.class);

    private final SentOnce sentOnce;
    private final Subscribers subscribers;
    private final Contacts contacts;
    private final Post post;
    private final MeterRegistry meters;

    Notifications(
            SentOnce sentOnce,
            Subscribers subscribers,
            Contacts contacts,
            Post post,
            MeterRegistry meters) {
        this.sentOnce = sentOnce;
        this.subscribers = subscribers;
        this.contacts = contacts;
        this.post = post;
        this.meters = meters;
    }

    /// Tells everybody who is to hear of an event and has not heard yet. One who cannot be told
    /// does not keep it from the others.
    public Told tell(OrderEvent event) {
        if (!Letter.isWorthOne(event)) {
            return new Told.Stuck("nobody is told of " + event.type());
        }
        var subscribersTold = once(event, Channel.TOPIC, () -> subscribers.tell(event));
        return subscribersTold.and(tellCustomer(event));
    }

    /// The contact is asked for before the claim: an order-service that is away must not leave a
    /// claim that looks like a mail.
    private Told tellCustomer(OrderEvent event) {
        if (sentOnce.isSettled(event, Channel.EMAIL)) {
            return new Told.Settled();
        }
        return switch (contacts.of(event.orderId())) {
            case Contacts.Answer.Known(var contact) ->
                    once(
                            event,
                            Channel.EMAIL,
                            () -> post.hand(contact.email(), Letter.about(event, contact.name())));
            case Contacts.Answer.Erased _ -> {
                log.info("nobody is mailed of {}: the customer was forgotten", event.eventId());
                yield new Told.Settled();
            }
            case Contacts.Answer.NoSuchOrder _ -> new Told.Stuck("there is no such order");
            case Contacts.Answer.Unusable(var why) -> new Told.Stuck("contact: " + why);
            case Contacts.Answer.NoAnswer(var why) ->
                    new Told.Unavailable("order-service", "contact: " + why);
        };
    }

    private Told once(OrderEvent event, Channel channel, Supplier<Handed> send) {
        return switch (sentOnce.claim(event, channel)) {
            case Claim.Settled _ -> new Told.Settled();
            case Claim.Anothers _ -> new Told.Later(channel + " is being told");
            case Claim.Yours claim -> settle(event, channel, claim, send.get());
        };
    }

    private Told settle(OrderEvent event, Channel channel, Claim.Yours claim, Handed handed) {
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
            case OVER -> {
                sentOnce.sent(claim);
                yield new Told.Settled();
            }
            case NOT_NOW -> {
                sentOnce.giveBack(claim);
                yield notNow(channel);
            }
            case NEVER -> {
                sentOnce.giveBack(claim);
                yield new Told.Stuck(channel + " was refused");
            }
            case UNKNOWN -> {
                sentOnce.unknown(claim);
                log.error("event {}: {} has unknown delivery status", event.eventId(), channel);
                yield new Told.Settled();
            }
        };
    }

    /// Subscribers who cannot be told keep no mail from leaving, so the queue is not paused for
    /// them.
    private static Told notNow(Channel channel) {
        return switch (channel) {
            case EMAIL -> new Told.Unavailable("SES", "not sent");
            case TOPIC -> new Told.Later("SNS did not take it");
        };
    }
}
