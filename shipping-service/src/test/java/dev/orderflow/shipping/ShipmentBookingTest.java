package dev.orderflow.shipping;

import static dev.orderflow.shipping.ShippingStubServer.bookingRequests;
import static dev.orderflow.shipping.ShippingStubServer.callbacks;
import static dev.orderflow.shipping.ShippingStubServer.permitRequests;
import static dev.orderflow.shipping.ShippingStubServer.problem;
import static dev.orderflow.shipping.ShippingStubServer.withdrawalRequests;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.contracts.value.TaskToken;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.shipping.shipment.AttemptResult;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.system.CapturedOutput;

/// Requests for shipments, from the dispatch permit to the booking, and the refusals on the way.
class ShipmentBookingTest extends ShippingServiceFixture {

    @Test
    void anOrderIsBookedAndTheWorkflowIsAnswered(CapturedOutput output) {
        double before = meters.counter("shipments.booked").count();
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);

        assertThat(permitRequests(order)).hasSize(1);
        assertThat(bookingRequests(order)).hasSize(1);
        assertThat(bookingRequests(order).getFirst().header("Idempotency-Key"))
                .isEqualTo(order.toString());
        assertThat(bookingRequests(order).getFirst().body())
                .contains("Ada Lovelace", "SW1Y 4JH", "\"MUG-BLUE\"");
        var answers = callbacks(token, "SendTaskSuccess");
        assertThat(answers).hasSize(1);
        assertThat(answers.getFirst().body())
                .contains("trackingNumber", "TRACK-" + order, "shipmentId");
        assertThat(meters.counter("shipments.booked").count()).isEqualTo(before + 1);

        assertThat(storedRows()).doesNotContain("Ada", "Lovelace", "Square", "SW1Y");
        assertThat(output).doesNotContain("Ada", "Lovelace", "Square", "SW1Y", token);
    }

    @Test
    void aRequestDeliveredAgainChangesNothing() {
        request(order, token);
        request(order, token);
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        assertThat(bookingRequests(order))
                .extracting(request -> request.header("Idempotency-Key"))
                .containsOnly(order.toString());
        assertThat(count("SELECT count(*) FROM shipment")).isEqualTo(1);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();

        int booked = bookingRequests(order).size();
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(bookingRequests(order)).hasSize(booked);
    }

    @Test
    void aRepeatedRequestOfTheWorkflowGetsTheSameAnswer() {
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
        request(order, token + "-2");
        eventually().until(() -> !callbacks(token + "-2", "SendTaskSuccess").isEmpty());
        assertThat(callbacks(token + "-2", "SendTaskSuccess").getFirst().body())
                .contains("TRACK-" + order);
        assertThat(bookingRequests(order)).hasSize(1);
    }

    @Test
    void nothingIsDispatchedWhenTheAuthorizationHasExpired() {
        ShippingStubServer.AUTHORIZATIONS.put(
                order, ShippingStubServer.authorization(order, false));
        request(order, token);
        eventually().until(() -> state(order).equals("AUTHORIZATION_EXPIRED/ANSWERED"));
        assertThat(permitRequests(order)).isEmpty();
        assertThat(bookingRequests(order)).isEmpty();
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("\"PaymentAuthorizationExpired\"");
    }

    @Test
    void anAuthorizationThatExpiresDuringAnOutageWithdrawsTheBooking() {
        ShippingStubServer.BOOKINGS.put(order, new StubResponse(503, ""));
        request(order, token);
        awaitResuming(() -> state(order).equals("DISPATCH_PERMITTED/PENDING"));
        ShippingStubServer.WITHDRAWALS.put(order, new StubResponse(503, ""));
        ShippingStubServer.AUTHORIZATIONS.put(
                order, ShippingStubServer.authorization(order, false));
        awaitResuming(() -> !withdrawalRequests(order).isEmpty());
        assertThat(state(order))
                .as("the withdrawal has no result yet")
                .isEqualTo("DISPATCH_PERMITTED/PENDING");
        ShippingStubServer.WITHDRAWALS.clear();
        awaitResuming(() -> state(order).equals("AUTHORIZATION_EXPIRED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("\"PaymentAuthorizationExpired\"");
    }

    @Test
    void aParcelThatTheCarrierHasIsReportedAsShippedAfterItsAuthorizationExpired() {
        ShippingStubServer.BOOKINGS.put(order, new StubResponse(503, ""));
        request(order, token);
        awaitResuming(() -> state(order).equals("DISPATCH_PERMITTED/PENDING"));
        ShippingStubServer.WITHDRAWALS.put(
                order, new StubResponse(409, "{\"trackingNumber\":\"TRACK-9\"}"));
        ShippingStubServer.AUTHORIZATIONS.put(
                order, ShippingStubServer.authorization(order, false));
        awaitResuming(() -> state(order).equals("BOOKED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskSuccess").getFirst().body()).contains("TRACK-9");
    }

    @Test
    void nothingIsDispatchedWithoutAResultOfTheAuthorizationCheck() {
        for (var response :
                List.of(
                        new StubResponse(503, ""),
                        problem(404, "no-such-host"),
                        new StubResponse(200, "{}"),
                        ShippingStubServer.authorization(UUID.randomUUID(), true))) {
            var each = UUID.randomUUID();
            ShippingStubServer.AUTHORIZATIONS.put(each, response);
            assertThat(shipmentService.arrange(each, new TaskToken("t-" + each), Instant.now()))
                    .isInstanceOf(AttemptResult.AttemptDeferred.class);
            assertThat(permitRequests(each)).isEmpty();
        }
        ShippingStubServer.AUTHORIZATIONS.put(order, problem(404, "payment-not-found"));
        assertThat(shipmentService.arrange(order, new TaskToken(token), Instant.now()))
                .isInstanceOf(AttemptResult.AttemptRejected.class);
    }

    @Test
    void withoutAPermitNothingIsBooked() {
        ShippingStubServer.PERMITS.put(order, problem(409, "dispatch-denied"));
        request(order, token);
        eventually().until(() -> state(order).equals("CANCELLED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("\"error\":\"OrderCancelled\"");
        assertThat(bookingRequests(order)).isEmpty();
    }

    @Test
    void aConflictOtherThanACancellationIsRetried() {
        ShippingStubServer.PERMITS.put(order, problem(409, "request-in-flight"));
        request(order, token);
        eventually().until(() -> !permitRequests(order).isEmpty());
        ShippingStubServer.PERMITS.clear();
        awaitResuming(() -> state(order).equals("BOOKED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure")).isEmpty();
    }

    @Test
    void aRefusalOfTheCarrierIsReportedToTheWorkflow(CapturedOutput output) {
        ShippingStubServer.BOOKINGS.put(
                order,
                new StubResponse(422, "{\"detail\":\"no Ada Lovelace at St James's Square\"}"));
        request(order, token);
        eventually().until(() -> state(order).equals("REJECTED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskFailure").getFirst().body())
                .contains("\"error\":\"ShipmentRejected\"")
                .doesNotContain("Ada", "Square");
        assertThat(output).doesNotContain("Lovelace", "Square");
    }

    @Test
    void anUnknownOrderIsDeadLettered() {
        ShippingStubServer.PERMITS.put(order, problem(404, "not-found"));
        request(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS + "-dlq") == 1);
        assertThat(reasons(REQUESTS)).containsExactly("order-service does not know the order");
        assertThat(bookingRequests(order)).isEmpty();
        assertThat(callbacks(token, "SendTaskFailure")).isEmpty();
    }

    @Test
    void aPermitDeniedAfterItWasGrantedChangesNothingAndIsCounted() {
        ShippingStubServer.BOOKINGS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        awaitResuming(() -> state(order).equals("DISPATCH_PERMITTED/PENDING"));
        double before = meters.counter("shipments.out.of.order").count();
        ShippingStubServer.PERMITS.put(order, problem(409, "dispatch-denied"));
        awaitResuming(() -> meters.counter("shipments.out.of.order").count() > before);
        assertThat(state(order)).isEqualTo("DISPATCH_PERMITTED/PENDING");
        assertThat(callbacks(token, "SendTaskFailure")).isEmpty();
    }

    @Test
    void anInvalidResponseOfTheCarrierIsNotUsed() {
        for (var invalid :
                List.of(
                        new StubResponse(201, "no json"),
                        new StubResponse(201, "{}"),
                        new StubResponse(201, "{\"trackingNumber\":\"<script>\"}"),
                        new StubResponse(302, ""),
                        new StubResponse(400, "{}"))) {
            var each = UUID.randomUUID();
            ShippingStubServer.BOOKINGS.put(each, invalid);
            request(each, each.toString());
            awaitResuming(() -> !bookingRequests(each).isEmpty());
            awaitResuming(() -> state(each).equals("DISPATCH_PERMITTED/PENDING"));
            ShippingStubServer.BOOKINGS.clear();
            awaitResuming(() -> state(each).equals("BOOKED/ANSWERED"));
        }
    }

    @Test
    void aPermitOfAnotherOrderIsNotUsed() {
        for (var invalid :
                List.of(
                        new StubResponse(
                                200,
                                ShippingStubServer.permit(
                                                new HttpStub.RecordedRequest(
                                                        "POST",
                                                        "/internal/orders/" + UUID.randomUUID(),
                                                        "",
                                                        new Headers(),
                                                        ""))
                                        .body()),
                        new StubResponse(200, "{}"),
                        new StubResponse(200, "null"),
                        new StubResponse(401, "{}"),
                        new StubResponse(409, "not json"))) {
            var each = UUID.randomUUID();
            ShippingStubServer.PERMITS.put(each, invalid);
            request(each, each.toString());
            awaitResuming(() -> !permitRequests(each).isEmpty());
            assertThat(bookingRequests(each)).isEmpty();
            ShippingStubServer.PERMITS.clear();
            awaitResuming(() -> state(each).equals("BOOKED/ANSWERED"));
        }
    }
}
