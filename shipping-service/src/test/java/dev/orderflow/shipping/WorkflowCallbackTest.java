package dev.orderflow.shipping;

import static dev.orderflow.shipping.ShippingStubServer.bookingRequests;
import static dev.orderflow.shipping.ShippingStubServer.callbacks;
import static dev.orderflow.shipping.ShippingStubServer.permitRequests;
import static dev.orderflow.shipping.ShippingStubServer.stepFunctionsError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.defaults.history.OrderIncidentType;
import dev.orderflow.defaults.history.OrderIncidents;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// The answers and heartbeats to the workflow.
class WorkflowCallbackTest extends ShippingServiceFixture {

    @Autowired OrderIncidents incidents;

    @Test
    void aWaitingWorkflowReceivesHeartbeats() {
        ShippingStubServer.PERMITS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        eventually().until(() -> callbacks(token, "SendTaskHeartbeat").size() >= 4);
    }

    @Test
    void anAnswerIsRepeatedUntilTheWorkflowAcceptsIt() {
        ShippingStubServer.CALLBACK_RESPONSES.put(
                "SendTaskSuccess " + token, new StubResponse(500, "{}"));
        request(order, token);
        eventually().until(() -> state(order).equals("BOOKED/PENDING"));
        ShippingStubServer.CALLBACK_RESPONSES.clear();
        awaitResuming(() -> state(order).equals("BOOKED/ANSWERED"));
        assertThat(bookingRequests(order)).hasSize(1);
    }

    @Test
    void anAnswerToAnInvalidTokenIsRecordedAndNotRepeated() {
        for (var error : List.of("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")) {
            var each = UUID.randomUUID();
            ShippingStubServer.CALLBACK_RESPONSES.put(
                    "SendTaskSuccess " + each, stepFunctionsError(error));
            request(each, each.toString());
            eventually().until(() -> state(each).equals("BOOKED/EXPIRED"));
            assertThat(
                            jdbc.sql("SELECT callback_error FROM shipment WHERE order_id = ?")
                                    .param(each)
                                    .query(String.class)
                                    .single())
                    .isEqualTo(error);
            assertThat(callbacks(each.toString(), "SendTaskSuccess")).hasSize(1);
        }
        eventually().until(() -> SqsFixture.depth(REQUESTS) == 0);
        assertThat(SqsFixture.depth(REQUESTS + "-dlq")).isZero();
    }

    @Test
    void nothingIsBookedForAnInvalidTaskToken() {
        ShippingStubServer.CALLBACK_RESPONSES.put(token, stepFunctionsError("TaskTimedOut"));
        request(order, token);
        eventually().until(() -> state(order).equals("WAITING/EXPIRED"));
        assertThat(permitRequests(order)).isEmpty();
        assertThat(bookingRequests(order)).isEmpty();
        request(order, token + "-2");
        eventually().until(() -> state(order).equals("BOOKED/ANSWERED"));
    }

    /// It is a new message of the queue, so it looks like the latest request.
    @Test
    void anOldRequestThatAnOperatorSendsAgainDoesNotReplaceTheValidToken() {
        ShippingStubServer.CALLBACK_RESPONSES.put(
                token + "-old", stepFunctionsError("TaskTimedOut"));
        ShippingStubServer.PERMITS.put(order, ShippingStubServer.DOWN);
        request(order, token);
        eventually().until(() -> state(order).equals("WAITING/PENDING"));
        redrive(order, token + "-old");
        awaitRedriven(order);
        assertThat(state(order)).isEqualTo("WAITING/PENDING");

        ShippingStubServer.PERMITS.clear();
        awaitResuming(() -> state(order).equals("BOOKED/ANSWERED"));
        assertThat(callbacks(token, "SendTaskSuccess")).hasSize(1);
    }

    @Test
    void aRequestThatAnOperatorSendsAgainCountsIfTheWorkflowStillWaitsForItsToken() {
        ShippingStubServer.CALLBACK_RESPONSES.put(
                token + "-old", stepFunctionsError("TaskTimedOut"));
        request(order, token + "-old");
        eventually().until(() -> state(order).equals("WAITING/EXPIRED"));
        redrive(order, token);
        awaitRedriven(order);
        assertThat(state(order)).isEqualTo("BOOKED/ANSWERED");
        assertThat(callbacks(token, "SendTaskSuccess")).hasSize(1);
    }

    /// The scheduler knows nothing of it, so it is not acknowledged before its dead-letter queue.
    @Test
    void aRequestThatAnOperatorSendsAgainIsRetriedUntilItsTokenIsChecked() {
        ShippingStubServer.CALLBACK_RESPONSES.put(
                "SendTaskHeartbeat " + token, new StubResponse(500, "{}"));
        redrive(order, token);
        eventually().until(() -> SqsFixture.depth(REQUESTS + "-dlq") == 1);
        assertThat(shipments.find(order)).isEmpty();
        assertThat(isRedriven(order)).isFalse();
    }

    private static void redrive(UUID orderId, String token) {
        SqsFixture.send(
                REQUESTS,
                arrange(orderId, token),
                Map.of(ReceivedMessage.REDRIVE_ID_ATTRIBUTE, UUID.randomUUID().toString()));
    }

    private void awaitRedriven(UUID orderId) {
        eventually().until(() -> isRedriven(orderId));
    }

    /// What the console asks, to tell that the redriven message was handled.
    private boolean isRedriven(UUID orderId) {
        return incidents.find(orderId).stream()
                .anyMatch(entry -> entry.type().equals(OrderIncidentType.MESSAGE_REDRIVEN.name()));
    }
}
