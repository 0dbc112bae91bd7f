package dev.orderflow.defaults.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class DeliveryPropertiesTest {

    private static final String MAX_WAIT = "orderflow.delivery.outage.max-wait=";

    private final ApplicationContextRunner context =
            new ApplicationContextRunner().withUserConfiguration(BoundDeliveryProperties.class);

    @ParameterizedTest
    @ValueSource(strings = {"0s", "1h", "11h"})
    void aWaitWithinTheLimitOfSqsIsAccepted(String maxWait) {
        context.withPropertyValues(MAX_WAIT + maxWait)
                .run(started -> assertThat(started).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1ms", "661m", "12h"})
    void aWaitBeyondTheLimitOfSqsIsRejectedAtStartup(String maxWait) {
        context.withPropertyValues(MAX_WAIT + maxWait)
                .run(
                        started ->
                                assertThat(started)
                                        .hasFailed()
                                        .getFailure()
                                        .hasStackTraceContaining("orderflow.delivery"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(DeliveryProperties.class)
    static class BoundDeliveryProperties {}
}
