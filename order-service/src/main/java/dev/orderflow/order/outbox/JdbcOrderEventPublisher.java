package dev.orderflow.order.outbox;

import dev.orderflow.contracts.MessageCodec;
import dev.orderflow.contracts.OrderEvent;
import java.time.ZoneOffset;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// One insert. No `NOTIFY`: it would let only one transaction commit at a time.
@Component
class JdbcOrderEventPublisher implements OrderEventPublisher {

    private final JdbcClient jdbc;
    private final ApplicationEventPublisher listeners;

    JdbcOrderEventPublisher(JdbcClient jdbc, ApplicationEventPublisher listeners) {
        this.jdbc = jdbc;
        this.listeners = listeners;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void publish(OrderEvent event) {
        var shard = Shard.of(event.orderId());
        jdbc.sql(
                        """
                        INSERT INTO outbox (shard, order_id, event_id, event_type, detail, occurred_at)
                        VALUES (:shard, :order, :id, :type, :detail, :at)
                        """)
                .param("shard", shard.number())
                .param("order", event.orderId())
                .param("id", event.eventId())
                .param("type", event.type())
                .param("detail", MessageCodec.write(event))
                .param("at", event.occurredAt().atOffset(ZoneOffset.UTC))
                .update();
        listeners.publishEvent(new EventStored(event.orderId(), shard, event.type()));
    }
}
