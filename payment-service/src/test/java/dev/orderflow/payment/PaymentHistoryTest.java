package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.orderflow.defaults.fixture.IndexedRequests;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/// What the service says about an order for its case file.
class PaymentHistoryTest extends PaymentServiceFixture {

    @Autowired RoundTripRecorder roundTrips;
    @Autowired DataSource database;

    @Test
    void anUnknownOrderHasAnEmptyHistoryAndAMalformedIdIsRefused() {
        assertThat(get(UUID.randomUUID() + "/history").body())
                .isEqualTo("{\"states\":[],\"entries\":[],\"complete\":true}");
        assertThat(get("1-1-1-1-1/history").statusCode()).isEqualTo(400);
    }

    @Test
    void everyOperationHasItsResultAndTheMarksOfItsRequest() {
        authorize();
        capture();
        var history = history();
        assertThat(history.at("/entries/0/type").asString()).isEqualTo("PAYMENT_AUTHORIZATION");
        assertThat(history.at("/entries/0/summary").asString())
                .isEqualTo("The authorisation of 49.90 EUR succeeded.");
        assertThat(history.at("/entries/0/outcome").asString()).isEqualTo("DONE");
        assertThat(history.at("/entries/0/after/0").asString())
                .isEqualTo("requested:" + order + ":authorization");
        assertThat(history.at("/entries/1/type").asString()).isEqualTo("PAYMENT_CAPTURE");
        assertThat(history.at("/entries/1/marks/0").asString())
                .isEqualTo("answered:" + order + ":capture");
        assertThat(history.at("/states/0/state").asString()).isEqualTo("CAPTURED");
        assertThat(history.at("/states/0/summary").asString())
                .isEqualTo("The payment is CAPTURED, amount 49.90 EUR, captured 49.90 EUR.");
        assertThat(history.at("/states/1/participant").asString()).isEqualTo("payment-gateway");
        assertThat(history.toString()).doesNotContain("cust-1842", "pm_card");
    }

    @Test
    void aRepeatedRequestIsVisible() {
        authorize();
        authorize();
        await().until(() -> history().toString().contains("REQUEST_REPEATED"));
    }

    /// The status is stored after the response was sent.
    @Test
    void whoAskedToAdoptTheStateOfTheGatewayIsVisibleWithTheResult() {
        authorize();
        assertThat(send(order + "/gateway-state-adoption", null, "{}").statusCode()).isEqualTo(200);
        await().until(
                        () ->
                                history()
                                        .toString()
                                        .contains(
                                                "Adam asked to adopt the gateway's state of the payment. The"
                                                        + " request was answered 200."));
    }

    @Test
    void aLostAnswerOfTheGatewayIsVisible() {
        gateway.fail(GatewayCall.CONFIRM, FakeGatewayFault.LOST_AFTER);
        authorize();
        await().until(() -> history().toString().contains("CALL_UNANSWERED"));
    }

    static Stream<Arguments> callsWithoutAClearResult() {
        return Stream.of(
                arguments(
                        GatewayCall.CREATE_INTENT,
                        FakeGatewayFault.LOST_AFTER,
                        "no clear answer to the creation of the payment intent (lost); only an"
                                + " intent that is stored here is confirmed, so nothing is charged."),
                arguments(
                        GatewayCall.CREATE_INTENT,
                        FakeGatewayFault.KEY_CONFLICT,
                        "the key of the creation of the payment intent with other parameters; the"
                                + " next key is used, since nothing is charged."),
                arguments(
                        GatewayCall.CAPTURE,
                        FakeGatewayFault.LOST_AFTER,
                        "no clear answer to the CAPTURE (lost); its status is retrieved."),
                arguments(
                        GatewayCall.CAPTURE,
                        FakeGatewayFault.KEY_CONFLICT,
                        "the key of the CAPTURE with other parameters; its status is retrieved"
                                + " before the next key is used."),
                arguments(
                        GatewayCall.REFUND,
                        FakeGatewayFault.LOST_AFTER,
                        "no clear answer to the REFUND (lost); the refunds at the gateway are"
                                + " searched for it."),
                arguments(
                        GatewayCall.REFUND,
                        FakeGatewayFault.KEY_CONFLICT,
                        "the key of the REFUND with other parameters; the key is kept, since the"
                                + " next one would refund again, and the refunds at the gateway"
                                + " are searched for it."));
    }

    @ParameterizedTest
    @MethodSource("callsWithoutAClearResult")
    void whatFollowsACallWithoutAClearResultIsVisible(
            GatewayCall call, FakeGatewayFault fault, String followedBy) {
        gateway.fail(call, fault);
        authorize();
        capture();
        refund();
        await().until(() -> history().toString().contains(followedBy));
    }

    @Test
    void theNumberOfStatementsIsConstantAndEachUsesAnIndex() {
        authorize();
        capture();
        refund();
        IndexedRequests.assertConstantAndIndexed(uri(order + "/history"), 5, roundTrips, database);
    }

    private JsonNode history() {
        return json(get(order + "/history"));
    }
}
