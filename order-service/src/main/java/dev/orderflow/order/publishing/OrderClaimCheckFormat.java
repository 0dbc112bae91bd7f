package dev.orderflow.order.publishing;

import dev.orderflow.contracts.ClaimCheck;
import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.contracts.ParsedMessage;
import dev.orderflow.outbox.ClaimCheckFormat;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.PayloadStore.StoredPayload;
import org.springframework.stereotype.Component;

/// The claim check of an order event, with the fields that rules and traces use.
@Component
class OrderClaimCheckFormat implements ClaimCheckFormat {

    @Override
    public boolean supports(OutboxEvent event) {
        return read(event) instanceof ParsedMessage.ValidMessage<OrderEvent>;
    }

    @Override
    public EventPayload write(OutboxEvent event, StoredPayload stored) {
        if (!(read(event) instanceof ParsedMessage.ValidMessage<OrderEvent>(var known, var _))) {
            throw new IllegalArgumentException("event " + event + " is not an order event");
        }
        var location =
                new ClaimCheck.PayloadLocation(
                        stored.container(), stored.name(), stored.bytes(), stored.sha256());
        return EventPayload.json(MessageCodec.write(ClaimCheck.of(known, location)));
    }

    private static ParsedMessage<OrderEvent> read(OutboxEvent event) {
        return MessageCodec.readDetail(event.type(), event.payload().text());
    }
}
