package dev.orderflow.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class ShippingPropertiesTest {

    private final ApplicationContextRunner context =
            new ApplicationContextRunner()
                    .withInitializer(new ConfigDataApplicationContextInitializer())
                    .withUserConfiguration(BoundShippingProperties.class)
                    .withPropertyValues("spring.config.name=shipping-service");

    @Test
    void theDefaultsAreComplete() {
        context.withPropertyValues("orderflow.order.url=http://orders:8080")
                .run(
                        started -> {
                            var properties = started.getBean(ShippingProperties.class);
                            assertThat(properties.orderService().url())
                                    .hasToString("http://orders:8080");
                            assertThat(properties.scheduler().heartbeatInterval()).hasMinutes(3);
                            assertThat(properties.scheduler().initialResumeDelay())
                                    .isGreaterThan(properties.maxAttemptDuration());
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orderflow.shipping.scheduler.heartbeat-interval=15m",
                "orderflow.shipping.scheduler.interval=0s",
                "orderflow.shipping.retry.max-receives=5",
                "orderflow.shipping.retry.max-delay=13h",
                "orderflow.shipping.circuit-breaker.failure-rate-percent=0",
                "orderflow.shipping.circuit-breaker.minimum-calls=0",
                "orderflow.shipping.carrier.read-timeout=0s",
                "orderflow.shipping.workflow.call-timeout=0s"
            })
    void invalidPropertiesAreRejectedAtStartup(String property) {
        context.withPropertyValues(property)
                .run(
                        started ->
                                assertThat(started)
                                        .hasFailed()
                                        .getFailure()
                                        .hasStackTraceContaining("orderflow.shipping"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ShippingProperties.class)
    static class BoundShippingProperties {}
}
