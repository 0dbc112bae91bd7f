package dev.orderflow.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.SqsFixture;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Messages that cannot be processed.
class ShippingMessagesTest extends ShippingServiceFixture {

    @Test
    void unreadableMessagesAreDeadLetteredAndOthersProcessed() {
        var hostile =
                Map.of(
                        "not json at all",
                        "malformed message",
                        "[".repeat(5_000),
                        "malformed message",
                        "{\"command\":\"ShipTheMoon\",\"schemaVersion\":1}",
                        "unknown message type ShipTheMoon",
                        arrange(order, token).replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                        "unknown version 2 of ArrangeShipment",
                        arrange(order, token).replace("\"" + order + "\"", "null"),
                        "malformed message: orderId is missing",
                        arrange(order, token).replace("\"" + token + "\"", "null"),
                        "malformed message: taskToken is missing",
                        arrange(order, token).replace(token, "t".repeat(3_000)),
                        "malformed message: taskToken must be",
                        """
                        {"command":"ApproveOrder","schemaVersion":1,"orderId":"%s","taskToken":"t",
                         "total":{"amount":"1.00","currency":"EUR"},"traceparent":"t"}"""
                                .formatted(order),
                        "not a shipping command: ApproveOrder");
        hostile.keySet().forEach(body -> SqsFixture.send(REQUESTS, body));
        var good = UUID.randomUUID();
        request(good, "good");
        eventually().until(() -> state(good).equals("BOOKED/ANSWERED"));
        eventually().until(() -> SqsFixture.depth(REQUESTS + "-dlq") == hostile.size());
        var reasons = reasons(REQUESTS);
        hostile.values().forEach(reason -> assertThat(reasons).anyMatch(r -> r.startsWith(reason)));
        assertThat(shipments.find(order)).isEmpty();

        var strange =
                List.of(
                        "{}",
                        "null",
                        envelope(order).replace("OrderCancellationRequested", "OrderMislaid"),
                        envelope(order).replace("\"schemaVersion\":1", "\"schemaVersion\":9"),
                        envelope(order).replaceAll("\"orderId\":\"[^\"]*\"", "\"orderId\":\"x\""));
        strange.forEach(body -> SqsFixture.send(CANCELLATIONS, body));
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS + "-dlq") == strange.size());
        assertThat(shipments.find(order)).isEmpty();
    }
}
