package dev.orderflow.notification.channel;

import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.defaults.delivery.Outcome;
import dev.orderflow.notification.message.Letter;
import dev.orderflow.notification.orders.Contacts;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import software.amazon.awssdk.core.exception.SdkException;

/// Tells subscribers, then the customer. Whatever fails is repeated without telling anybody twice.
@Service
public class Notifications {

    private static final Logger log = LoggerFactory.getLogger(Notifications.class);
    private static final Duration A_MOMENT = Duration.ofSeconds(5);
    private static final Duration A_WHILE = Duration.ofSeconds(30);

    private final SentOnce sentOnce;
    private final Subscribers subscribers;
    private final Contacts contacts;
    private final Post post;

    Notifications(SentOnce sentOnce, Subscribers subscribers, Contacts contacts, Post post) {
        this.sentOnce = sentOnce;
        this.subscribers = subscribers;
        this.contacts = contacts;
        this.post = post;
    }

    /// Tells everybody who is to hear of an event.
    ///
    /// @throws org.springframework.web.client.RestClientException when order-service does not
    ///     answer
    public Outcome tell(OrderEvent event) {
        return switch (tellSubscribers(event)) {
            case Outcome.Done _ -> tellCustomer(event);
            case Outcome.NotYet later -> later;
            case Outcome.Hopeless hopeless -> hopeless;
        };
    }

    private Outcome tellSubscribers(OrderEvent event) {
        return switch (sentOnce.claim(event.orderId(), event.type(), Channel.TOPIC)) {
            case SETTLED -> Outcome.DONE;
            case ANOTHERS -> new Outcome.NotYet(A_MOMENT);
            case YOURS -> {
                try {
                    subscribers.tell(event);
                } catch (SdkException refused) {
                    log.warn("SNS did not take {}: {}", event.eventId(), refused.getMessage());
                    sentOnce.giveBack(event.orderId(), event.type(), Channel.TOPIC);
                    yield new Outcome.NotYet(A_WHILE);
                }
                sentOnce.sent(event.orderId(), event.type(), Channel.TOPIC);
                yield Outcome.DONE;
            }
        };
    }

    private Outcome tellCustomer(OrderEvent event) {
        // Asked before the claim: while order-service is away nothing is claimed.
        var contact = contacts.of(event.orderId());
        if (contact.isEmpty()) {
            return new Outcome.Hopeless("there is no such order");
        }
        var letter = Letter.about(event, contact.get().name());
        if (letter.isEmpty()) {
            return Outcome.DONE;
        }
        return switch (sentOnce.claim(event.orderId(), event.type(), Channel.EMAIL)) {
            case SETTLED -> Outcome.DONE;
            case ANOTHERS -> new Outcome.NotYet(A_MOMENT);
            case YOURS -> hand(event, contact.get(), letter.get());
        };
    }

    private Outcome hand(OrderEvent event, Contacts.Contact contact, Letter letter) {
        var order = event.orderId();
        return switch (post.hand(contact.email(), letter)) {
            case OVER -> {
                sentOnce.sent(order, event.type(), Channel.EMAIL);
                log.info("order {}: the customer was told of {}", order, event.type());
                yield Outcome.DONE;
            }
            case NOT_NOW -> {
                sentOnce.giveBack(order, event.type(), Channel.EMAIL);
                yield new Outcome.NotYet(A_WHILE);
            }
            case NEVER -> {
                sentOnce.giveBack(order, event.type(), Channel.EMAIL);
                yield new Outcome.Hopeless("SES refused the mail");
            }
            case UNKNOWN -> {
                sentOnce.unknown(order, event.type(), Channel.EMAIL);
                log.error(
                        "order {}: the mail about {} may or may not have left",
                        order,
                        event.type());
                yield Outcome.DONE;
            }
        };
    }
}
