package dev.orderflow.shipping;

import static dev.orderflow.shipping.ShippingStubServer.bookingRequests;
import static dev.orderflow.shipping.ShippingStubServer.callbacks;
import static dev.orderflow.shipping.ShippingStubServer.permitRequests;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.fixture.SqsFixture;
import org.junit.jupiter.api.Test;

/// Cancellations before, during and after the booking.
class ShipmentCancellationTest extends ShippingServiceFixture {

    @Test
    void aShipmentWithoutAPermitIsCancelledAtOnce() {
        ShippingStubServer.PERMITS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        eventually().until(() -> state(order).equals("WAITING/PENDING"));
        cancel(order);
        eventually().until(() -> state(order).equals("CANCELLED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure")).hasSize(1);
        ShippingStubServer.PERMITS.clear();
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(bookingRequests(order)).isEmpty();
    }

    @Test
    void aCancellationBeforeTheRequestAnswersTheRequest() {
        cancel(order);
        eventually().until(() -> state(order).equals("CANCELLED/NOT_REQUESTED"));
        request(order, token);
        eventually().until(() -> state(order).equals("CANCELLED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("OrderCancelled");
        assertThat(permitRequests(order)).isEmpty();
        assertThat(bookingRequests(order)).isEmpty();
    }

    @Test
    void aCancellationAfterTheBookingIsDeadLettered() {
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        cancel(order);
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS + "-dlq") == 1);
        assertThat(state(order)).isEqualTo("BOOKED/ANSWERED");
    }

    @Test
    void aReplayedCancellationCancelsNothing() {
        SqsFixture.send(
                CANCELLATIONS, envelope(order).replace("\"id\"", "\"replay-name\":\"r\",\"id\""));
        eventually().until(() -> SqsFixture.depth(CANCELLATIONS + "-dlq") == 1);
        assertThat(shipments.find(order)).isEmpty();
    }
}
