package dev.orderflow.defaults.history;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps recorded incidents in memory.
public final class RecordedIncidents implements OrderIncidents {

    private final List<OrderIncident> all = new CopyOnWriteArrayList<>();

    @Override
    public void record(
            UUID orderId, OrderIncidentType type, String subject, String detail, Instant since) {
        all.add(new OrderIncident(orderId, type, subject, detail, since, Instant.now(), null));
    }

    @Override
    public List<OrderHistoryEntry> find(UUID orderId) {
        return all.stream()
                .filter(it -> it.orderId().equals(orderId))
                .map(
                        it ->
                                OrderHistoryEntry.of(
                                                it.from(),
                                                "test",
                                                it.type().name(),
                                                it.type().outcome(),
                                                it.detail())
                                        .until(it.until())
                                        .withId("messageId", it.subject()))
                .toList();
    }
}
