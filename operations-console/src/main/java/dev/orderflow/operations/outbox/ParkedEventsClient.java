package dev.orderflow.operations.outbox;

import dev.orderflow.operations.services.ServiceApi;
import dev.orderflow.operations.services.ServiceApiFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Calls the API of parked events of order-service with the operator's access token.
@Component
public class ParkedEventsClient {

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(5);

    private final ServiceApi orders;

    ParkedEventsClient(ServiceApiFactory services) {
        this.orders = services.orderServiceForOperators(READ_TIMEOUT);
    }

    /// A reason for which events are parked.
    ///
    /// @param oldest when the first of them was parked
    public record ParkedReasonView(String reason, long orders, long events, Instant oldest) {}

    /// A parked event, without its payload.
    public record ParkedEventView(
            String eventId, UUID orderId, String type, String reason, Instant parkedAt) {}

    /// Why events are parked, 200 reasons at most.
    ///
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when order-service
    ///     does     not respond
    public List<ParkedReasonView> findReasons() {
        return orders.get("/internal/outbox/parked/reasons")
                .objects("reasons")
                .map(
                        reason ->
                                new ParkedReasonView(
                                        reason.text("reason"),
                                        reason.number("orders"),
                                        reason.number("events"),
                                        Instant.parse(reason.text("oldest"))))
                .toList();
    }

    /// The oldest parked events, 200 at most.
    ///
    /// @throws dev.orderflow.operations.services.ServiceUnavailableException when order-service
    ///     does     not respond
    public List<ParkedEventView> findOldest() {
        return orders.get("/internal/outbox/parked")
                .objects("events")
                .map(
                        event ->
                                new ParkedEventView(
                                        event.text("eventId"),
                                        event.uuid("orderId"),
                                        event.text("type"),
                                        event.text("reason"),
                                        Instant.parse(event.text("parkedAt"))))
                .toList();
    }

    /// Publishes all events again that are parked for a reason.
    ///
    /// @param note why they are released, on one line
    /// @return how many
    public long releaseReason(String reason, String note) {
        return orders.post(
                        "/internal/outbox/parked/release", Map.of("reason", reason, "note", note))
                .number("events");
    }

    /// Publishes the parked events of an order again.
    ///
    /// @param note why they are released, on one line
    /// @return how many
    /// @throws dev.orderflow.operations.services.ServiceProblemException when it has none
    public long releaseOrder(UUID orderId, String note) {
        return orders.post("/internal/outbox/parked/" + orderId + "/release", Map.of("note", note))
                .number("events");
    }
}
