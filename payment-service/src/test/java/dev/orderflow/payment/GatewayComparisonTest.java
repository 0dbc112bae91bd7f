package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.value.Money;
import dev.orderflow.contracts.value.PaymentMethodId;
import dev.orderflow.payment.FakePaymentGateway.FakeGatewayFault;
import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import dev.orderflow.payment.gateway.GatewayResult;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Payments compared with the gateway.
class GatewayComparisonTest extends PaymentServiceFixture {

    @Test
    void theStateBatchHasStoredPaymentsAndTheChargesOfTheGateway() {
        authorize();
        capture();
        gateway.confirm(
                ((GatewayResult.StatusReported)
                                gateway.createIntent(
                                        order,
                                        new PaymentMethodId("pm_card_visa"),
                                        Money.of("49.90", "EUR"),
                                        order + ":by-hand"))
                        .intent(),
                order + ":by-hand:confirm");
        var response = stateBatch("[\"%s\",\"%s\"]".formatted(order, UUID.randomUUID()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("payments")).hasSize(1);
        assertThat(json(response).path("payments").path(0).path("state").asString())
                .isEqualTo("CAPTURED");
        assertThat(json(response).path("charges")).hasSize(2);
        assertThat(json(response).path("charges").findValuesAsString("orderId"))
                .containsOnly(order.toString());
    }

    @Test
    void theStateBatchIsUnavailableWhileTheGatewayIsUnreachable() {
        authorize();
        gateway.fail(GatewayCall.RETRIEVE_STATUS, FakeGatewayFault.UNREACHABLE);
        assertProblem(stateBatch("[\"%s\"]".formatted(order)), 503, "gateway-unavailable");
        assertThat(stateBatch("[]").statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> stateBatch(String orderIds) {
        return send("state-batch", null, "{\"orderIds\":" + orderIds + "}");
    }

    @Test
    void aRefundInTheDashboardIsListedAndAdopted() {
        authorize();
        capture();
        var before = json(get("gateway-changes")).path("next").asString();
        gateway.refundInTheDashboard(order, Money.of("9.90", "EUR"));
        var changes = json(get("gateway-changes?cursor=" + before));
        assertThat(changes.path("orderIds").values())
                .extracting(JsonNode::asString)
                .containsExactly(order.toString());
        assertThat(
                        json(get("gateway-changes?cursor=" + changes.path("next").asString()))
                                .path("orderIds"))
                .isEmpty();
        assertThat(state()).isEqualTo("CAPTURED");
        var adopted = send(order + "/gateway-state-adoption", null, "{}");
        assertThat(adopted.statusCode()).isEqualTo(200);
        assertThat(amount(adopted, "refunded")).isEqualTo("9.90");
        assertThat(amount(adopted, "refundable")).isEqualTo("40.00");
        assertProblem(
                send(UUID.randomUUID() + "/gateway-state-adoption", null, "{}"),
                404,
                "payment-not-found");
    }

    /// The status that was retrieved before the refund would undo it.
    @Test
    void aRefundWhileTheGatewayStateIsAdoptedIsKept() throws Exception {
        authorize();
        capture();
        var gate = gateway.gateResponse(GatewayCall.RETRIEVE_STATUS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var adoption =
                    threads.submit(() -> send(order + "/gateway-state-adoption", null, "{}"));
            gate.awaitCaller();
            assertThat(post("refund", "meanwhile", refundBody("6.00")).statusCode()).isEqualTo(200);
            gate.open();
            assertProblem(adoption.get(), 409, "payment-operation-pending");
        }
        assertThat(amount(get(order.toString()), "refunded")).isEqualTo("6.00");
        var again = send(order + "/gateway-state-adoption", null, "{}");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(amount(again, "refunded")).isEqualTo("6.00");
    }
}
