package dev.orderflow.shipping;

import static dev.orderflow.shipping.ShippingStubServer.bookingRequests;
import static dev.orderflow.shipping.ShippingStubServer.callbacks;
import static dev.orderflow.shipping.ShippingStubServer.permitRequests;
import static dev.orderflow.shipping.ShippingStubServer.stepFunctionsError;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The answers and heartbeats to the workflow.
class WorkflowCallbackTest extends ShippingServiceFixture {

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
}
