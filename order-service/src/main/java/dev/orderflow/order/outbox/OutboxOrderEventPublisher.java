package dev.orderflow.order.outbox;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import dev.orderflow.defaults.idempotency.ConditionalInsert;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxPublisher;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/// Stores order events in the outbox, with the order id as key.
@Component
class OutboxOrderEventPublisher implements OrderEventPublisher {

    private final OutboxPublisher outbox;
    private final ApplicationEventPublisher listeners;

    OutboxOrderEventPublisher(OutboxPublisher outbox, ApplicationEventPublisher listeners) {
        this.outbox = outbox;
        this.listeners = listeners;
    }

    @Override
    public void publish(OrderEvent event) {
        outbox.publish(toOutboxEvent(event));
        listeners.publishEvent(new EventStored(event.orderId(), event.type()));
    }

    @Override
    public ConditionalInsert prepare(OrderEvent event) {
        var insert = outbox.prepare(toOutboxEvent(event));
        return new ConditionalInsert(
                "new_event",
                insert.sql(ConditionalInsert.CONDITION),
                insert.parameters(),
                insert::wakeRelay);
    }

    private static OutboxEvent toOutboxEvent(OrderEvent event) {
        return OutboxEvent.of(
                        event.type(),
                        event.orderId().toString(),
                        EventPayload.json(MessageCodec.write(event)))
                .withId(event.eventId())
                .withOccurredAt(event.occurredAt());
    }
}
