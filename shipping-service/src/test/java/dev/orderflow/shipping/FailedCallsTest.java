package dev.orderflow.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.shipping.shipment.CarrierClient;
import dev.orderflow.shipping.shipment.CarrierClient.CarrierBookingResult.BookingUnknown;
import dev.orderflow.shipping.shipment.CarrierClient.WithdrawalResult.WithdrawalUnknown;
import dev.orderflow.shipping.shipment.DispatchPermitClient;
import dev.orderflow.shipping.shipment.DispatchPermitClient.PermitRequestResult.DispatchPermitGranted;
import dev.orderflow.shipping.shipment.DispatchPermitClient.PermitRequestResult.DispatchPermitUnavailable;
import dev.orderflow.shipping.shipment.Parcel;
import dev.orderflow.shipping.shipment.PaymentAuthorizationClient;
import dev.orderflow.shipping.shipment.PaymentAuthorizationClient.AuthorizationCheckResult.AuthorizationCheckFailed;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// Why a call failed, as log lines and the history of an order say it.
class FailedCallsTest extends ShippingServiceFixture {

    private static final StubResponse GARBLED = new StubResponse(200, "<html>");

    @Autowired private CarrierClient carrier;
    @Autowired private DispatchPermitClient permits;
    @Autowired private PaymentAuthorizationClient authorizations;

    @Test
    void aCallWithoutResponseIsNamedInWords() {
        var parcel = parcel();
        respond(ShippingStubServer.NO_RESPONSE);

        assertThat(carrier.book(order, parcel))
                .isEqualTo(new BookingUnknown("no complete response"));
        assertThat(carrier.withdraw(order))
                .isEqualTo(new WithdrawalUnknown("no complete response"));
        assertThat(permits.requestPermit(order))
                .isEqualTo(new DispatchPermitUnavailable("no complete response"));
        assertThat(authorizations.verify(order))
                .isEqualTo(new AuthorizationCheckFailed("no complete response"));
    }

    @Test
    void anErrorIsNamedByItsStatus() {
        var parcel = parcel();
        respond(ShippingStubServer.DOWN);

        assertThat(carrier.book(order, parcel)).isEqualTo(new BookingUnknown("answered 503"));
        assertThat(carrier.withdraw(order)).isEqualTo(new WithdrawalUnknown("answered 503"));
        assertThat(permits.requestPermit(order))
                .isEqualTo(new DispatchPermitUnavailable("answered 503"));
        assertThat(authorizations.verify(order))
                .isEqualTo(new AuthorizationCheckFailed("answered 503"));
    }

    @Test
    void anErrorWithAnotherBodyIsNamedByItsStatusToo() {
        ShippingStubServer.PERMITS.put(order, new StubResponse(502, "<html>"));
        ShippingStubServer.AUTHORIZATIONS.put(order, new StubResponse(502, "<html>"));

        assertThat(permits.requestPermit(order))
                .isEqualTo(new DispatchPermitUnavailable("answered 502"));
        assertThat(authorizations.verify(order))
                .isEqualTo(new AuthorizationCheckFailed("answered 502"));
    }

    @Test
    void anAnswerThatCannotBeReadIsNamedSo() {
        var parcel = parcel();
        respond(GARBLED);

        assertThat(carrier.book(order, parcel))
                .isEqualTo(new BookingUnknown("no tracking number in the response"));
        assertThat(permits.requestPermit(order))
                .isEqualTo(new DispatchPermitUnavailable("unreadable answer with status 200"));
        assertThat(authorizations.verify(order))
                .isEqualTo(new AuthorizationCheckFailed("unreadable answer with status 200"));
        ShippingStubServer.AUTHORIZATIONS.put(order, new StubResponse(200, "{}"));
        assertThat(authorizations.verify(order))
                .isEqualTo(new AuthorizationCheckFailed("unreadable answer with status 200"));
    }

    private Parcel parcel() {
        return ((DispatchPermitGranted) permits.requestPermit(order)).parcel();
    }

    private void respond(StubResponse response) {
        ShippingStubServer.BOOKINGS.put(order, response);
        ShippingStubServer.WITHDRAWALS.put(order, response);
        ShippingStubServer.PERMITS.put(order, response);
        ShippingStubServer.AUTHORIZATIONS.put(order, response);
    }
}
