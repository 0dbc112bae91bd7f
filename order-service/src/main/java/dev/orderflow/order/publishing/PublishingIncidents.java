package dev.orderflow.order.publishing;

import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.text.UuidFormat;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.RelayObserver;
import java.util.List;
import org.springframework.stereotype.Component;

/// Records at the orders that their events were not accepted by EventBridge. The outbox keeps no
/// trace of it once they are published.
@Component
class PublishingIncidents implements RelayObserver {

    private final OrderIncidents incidents;

    PublishingIncidents(OrderIncidents incidents) {
        this.incidents = incidents;
    }

    @Override
    public void onNotPublished(List<OutboxEvent> events, String reason) {
        for (var event : events) {
            UuidFormat.parse(event.key())
                    .ifPresent(
                            order ->
                                    incidents.record(
                                            order,
                                            OrderIncidentType.CALL_FAILED,
                                            "PutEvents",
                                            "%s was not published (%s); it stays in the outbox and is sent again."
                                                    .formatted(event.type(), reason)));
        }
    }
}
