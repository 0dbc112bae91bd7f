package dev.orderflow.operations.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.contracts.fixture.HttpStub;
import dev.orderflow.contracts.fixture.HttpStub.StubResponse;
import dev.orderflow.operations.services.ServiceApi;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.web.client.RestClient;

class ExpiredAuthorizationsTest {

    private final UUID authorized = UUID.randomUUID();
    private final UUID expired = UUID.randomUUID();
    private final HttpStub payments =
            new HttpStub(
                    _ ->
                            new StubResponse(
                                    200,
                                    "{\"payments\":[],\"charges\":[{\"orderId\":\"%s\"}]}"
                                            .formatted(authorized)));
    private final ExpiredAuthorizations expiredAuthorizations =
            new ExpiredAuthorizations(
                    new ServiceApi("payment-service", RestClient.create(payments.url())));

    @Test
    void aFailedCaptureWithoutAuthorisationIsNotRedrivable() {
        var executions =
                expiredAuthorizations.markRefused(
                        List.of(
                                failed(authorized, "CapturePayment"),
                                failed(expired, "CapturePayment"),
                                failed(expired, "VoidPayment")));
        assertThat(executions)
                .extracting(StoppedExecution::refusal)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(ExpiredAuthorizations.REFUSAL),
                        Optional.empty());
        assertThat(payments.requests(_ -> true)).hasSize(1);
    }

    @Test
    void aFailedCaptureIsRedrivableWhilePaymentServiceIsUnavailable() {
        payments.respondWith(_ -> new StubResponse(503, ""));
        assertThat(expiredAuthorizations.markRefused(List.of(failed(expired, "CapturePayment"))))
                .extracting(StoppedExecution::refusal)
                .containsExactly(Optional.empty());
    }

    @Test
    void withoutAFailedCapturePaymentServiceIsNotCalled() {
        assertThat(expiredAuthorizations.markRefused(List.of(failed(expired, "VoidPayment"))))
                .hasSize(1);
        assertThat(payments.requests(_ -> true)).isEmpty();
    }

    private static StoppedExecution failed(UUID order, String state) {
        return new StoppedExecution(
                "arn:" + order,
                order.toString(),
                "FAILED",
                state,
                "States.Http.StatusCode.424",
                Instant.EPOCH,
                0,
                Optional.empty());
    }
}
