package dev.orderflow.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.payment.operation.PaymentProperties;
import dev.orderflow.payment.stripe.StripeProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class PaymentPropertiesTest {

    private final ApplicationContextRunner context =
            new ApplicationContextRunner()
                    .withUserConfiguration(BoundPaymentProperties.class)
                    .withPropertyValues("orderflow.payment.gateway.api-key=sk_test_1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orderflow.payment.lease=1s",
                "orderflow.payment.lease=10m",
                "orderflow.payment.retry-after=0s",
                "orderflow.payment.authorization-margin=2h",
                "orderflow.payment.authorization-margin=4d",
                "orderflow.payment.reconciliation.batch-size=1000",
                "orderflow.payment.reconciliation.interval=1ns",
                "orderflow.payment.gateway.connect-timeout=5s",
                "orderflow.payment.gateway.timeout=6s"
            })
    void aValueAtItsLimitIsAccepted(String property) {
        context.withPropertyValues(property).run(started -> assertThat(started).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orderflow.payment.lease=999ms",
                "orderflow.payment.lease=601s",
                "orderflow.payment.retry-after=-1ms",
                "orderflow.payment.authorization-margin=119m",
                "orderflow.payment.authorization-margin=97h",
                "orderflow.payment.reconciliation.batch-size=0",
                "orderflow.payment.reconciliation.batch-size=1001",
                "orderflow.payment.reconciliation.interval=0s",
                "orderflow.payment.reconciliation.initial-backoff=0s",
                "orderflow.payment.reconciliation.max-backoff=0s",
                "orderflow.payment.gateway.connect-timeout=0s",
                "orderflow.payment.gateway.connect-timeout=5001ms",
                "orderflow.payment.gateway.timeout=0s",
                "orderflow.payment.gateway.timeout=6001ms",
                "orderflow.payment.gateway.api-key=",
                "orderflow.payment.gateway.url=ftp://stripe.example"
            })
    void anInvalidValueIsRejectedAtStartup(String property) {
        context.withPropertyValues(property)
                .run(
                        started ->
                                assertThat(started)
                                        .hasFailed()
                                        .getFailure()
                                        .hasStackTraceContaining("orderflow.payment"));
    }

    @Test
    void theApiKeyIsRequired() {
        new ApplicationContextRunner()
                .withUserConfiguration(BoundPaymentProperties.class)
                .run(
                        started ->
                                assertThat(started)
                                        .hasFailed()
                                        .getFailure()
                                        .hasStackTraceContaining("apiKey"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({PaymentProperties.class, StripeProperties.class})
    static class BoundPaymentProperties {}
}
