package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.payment.FakePaymentGateway.GatewayCall;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Repeated and concurrent requests.
class PaymentIdempotencyTest extends PaymentServiceFixture {

    @Test
    void aRepeatedRequestGetsTheFirstResponseByteForByte() {
        var first = authorize();
        var again = authorize();
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(capture().body()).isEqualTo(capture().body());
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        assertThat(refund().body()).isEqualTo(refund().body());
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
        assertThat(authorize().body()).isEqualTo(first.body());
    }

    @Test
    void aDifferentRequestUnderTheSameKeyIsRefusedAndCounted() {
        authorize();
        double before = meters.counter("payments.key.reused").count();
        var other = authorize(order + ":authorization", authorizationBody("pm_card_mastercard"));
        assertProblem(other, 422, "idempotency-key-reused");
        assertProblem(
                post("capture", order + ":authorization", CAPTURE), 422, "idempotency-key-reused");
        var otherOrder = UUID.randomUUID();
        assertProblem(
                send(
                        otherOrder + "/authorization",
                        order + ":authorization",
                        authorizationBody("pm_card_visa")),
                422,
                "idempotency-key-reused");
        assertThat(meters.counter("payments.key.reused").count()).isEqualTo(before + 3);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countAuthorizations(otherOrder)).isZero();
    }

    @Test
    void anotherKeyDoesNotChargeASecondTime() {
        authorize();
        assertProblem(
                authorize("second-key", authorizationBody("pm_card_visa")),
                409,
                "authorization-exists");
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        capture();
        var again = post("capture", "second-capture", CAPTURE);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        refund();
        assertProblem(post("refund", "second-refund", REFUND), 409, "already-refunded");
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
    }

    @Test
    void aDeclineIsStoredLikeAnyResult() {
        var first =
                authorize(order + ":authorization", authorizationBody("pm_card_chargeDeclined"));
        assertProblem(first, 402, "payment-declined");
        assertThat(json(first).get("declineCode").asString()).isEqualTo("generic_decline");
        var calls = gateway.recordedCalls().size();
        var again =
                authorize(order + ":authorization", authorizationBody("pm_card_chargeDeclined"));
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.statusCode()).isEqualTo(402);
        assertThat(gateway.recordedCalls()).hasSize(calls);
        assertThat(state()).isEqualTo("DECLINED");
        assertProblem(capture(), 422, "payment-not-capturable");
    }

    @Test
    void anUnknownPaymentMethodIsDeclined() {
        var response = authorize(order + ":authorization", authorizationBody("pm_nonsense"));
        assertProblem(response, 402, "payment-declined");
        assertThat(json(response).get("declineCode").asString()).isEqualTo("resource_missing");
        assertThat(voidPayment().statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestDuringTheFirstOneGetsRetryAfter() throws Exception {
        var gate = gateway.gate(GatewayCall.CONFIRM);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> authorize());
            gate.awaitCaller();
            var meanwhile = authorize();
            assertProblem(meanwhile, 409, "request-in-flight");
            assertThat(meanwhile.headers().firstValue("Retry-After")).contains("2");
            gate.open();
            assertThat(first.get().statusCode()).isEqualTo(201);
        }
        assertThat(authorize().statusCode()).isEqualTo(201);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void concurrentDuplicatesChargeOnce() throws Exception {
        for (var step :
                List.<Callable<HttpResponse<String>>>of(
                        this::authorize, this::capture, this::refund)) {
            var responses = callConcurrently(24, step);
            assertThat(responses.stream().map(HttpResponse::statusCode))
                    .allMatch(status -> status == 200 || status == 201 || status == 409)
                    .anyMatch(status -> status != 409);
            assertThat(
                            responses.stream()
                                    .filter(response -> response.statusCode() != 409)
                                    .map(HttpResponse::body)
                                    .distinct())
                    .hasSize(1);
        }
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
        assertThat(gateway.countCaptures(order)).isEqualTo(1);
        assertThat(gateway.countRefunds(order)).isEqualTo(1);
        assertThat(gateway.intentStatuses(order)).hasSize(1);
    }

    @Test
    void concurrentRequestsWithDifferentKeysChargeOnce() throws Exception {
        var number = new AtomicInteger();
        var responses =
                callConcurrently(
                        16,
                        () ->
                                authorize(
                                        "key-" + number.incrementAndGet() + order,
                                        authorizationBody("pm_card_visa")));
        assertThat(responses.stream().filter(response -> response.statusCode() == 201)).hasSize(1);
        assertThat(responses)
                .allMatch(response -> response.statusCode() == 201 || response.statusCode() == 409);
        assertThat(gateway.countAuthorizations(order)).isEqualTo(1);
    }

    @Test
    void outcomesAreCountedOnceWithoutReplays() {
        double before = countOutcomes("authorization", "authorized");
        authorize();
        authorize();
        assertThat(countOutcomes("authorization", "authorized")).isEqualTo(before + 1);
        double declined = countOutcomes("authorization", "declined");
        var other = UUID.randomUUID();
        send(other + "/authorization", other + ":a", authorizationBody("pm_card_chargeDeclined"));
        assertThat(countOutcomes("authorization", "declined")).isEqualTo(declined + 1);
    }

    private double countOutcomes(String operation, String outcome) {
        return meters.counter("payments.outcomes", "operation", operation, "outcome", outcome)
                .count();
    }
}
