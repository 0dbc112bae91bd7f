package dev.orderflow.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class OrderServicePropertiesTest {

    private final ApplicationContextRunner context =
            new ApplicationContextRunner()
                    .withInitializer(new ConfigDataApplicationContextInitializer())
                    .withUserConfiguration(BoundOrderProperties.class)
                    .withPropertyValues(
                            "spring.config.name=order-service",
                            "orderflow.order.tokens.issuer=https://issuer.example",
                            "orderflow.order.tokens.audiences=orders");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "approval.poll-interval=10ms",
                "approval.poll-interval=1m",
                "approval.max-backoff=10ms",
                "approval.max-backoff=1h",
                "catalogue.price-cache-ttl=0s",
                "catalogue.price-cache-ttl=5m",
                "tokens.clock-skew=0s",
                "tokens.clock-skew=5m",
                "missing-workflows.check-interval=10ms",
                "missing-workflows.check-interval=1h",
                "missing-workflows.min-order-age=0s",
                "missing-workflows.min-order-age=1h",
                "missing-workflows.recheck-interval=10ms",
                "missing-workflows.recheck-interval=1d",
                "missing-workflows.batch-size=1",
                "missing-workflows.batch-size=10000",
                "stuck-orders.check-interval=10ms",
                "stuck-orders.check-interval=1h",
                "stuck-orders.pending=1ns",
                "workflow.call-timeout=100ms",
                "workflow.call-timeout=15s",
                "personal-data.key-lifetime=1m",
                "personal-data.key-lifetime=7d",
                "personal-data.max-key-uses=2",
                "personal-data.max-key-uses=268435456",
                "personal-data.cached-keys=1",
                "personal-data.key-check-interval=10ms",
                "personal-data.key-check-interval=1m",
                "personal-data.erasure-interval=10ms",
                "personal-data.erasure-interval=1d",
                "personal-data.grace-period=0s"
            })
    void aValueAtItsLimitIsAccepted(String property) {
        context.withPropertyValues("orderflow.order." + property)
                .run(started -> assertThat(started).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "approval.poll-interval=9ms",
                "approval.poll-interval=60001ms",
                "approval.max-backoff=9ms",
                "approval.max-backoff=3601s",
                "catalogue.price-cache-ttl=-1ms",
                "catalogue.price-cache-ttl=300001ms",
                "tokens.clock-skew=-1ms",
                "tokens.clock-skew=300001ms",
                "missing-workflows.check-interval=9ms",
                "missing-workflows.check-interval=3601s",
                "missing-workflows.min-order-age=-1ms",
                "missing-workflows.min-order-age=3601s",
                "missing-workflows.recheck-interval=9ms",
                "missing-workflows.recheck-interval=86401s",
                "missing-workflows.batch-size=0",
                "missing-workflows.batch-size=10001",
                "stuck-orders.check-interval=9ms",
                "stuck-orders.check-interval=3601s",
                "stuck-orders.pending=0s",
                "stuck-orders.approval=-1s",
                "stuck-orders.confirmed=0s",
                "stuck-orders.dispatching=0s",
                "stuck-orders.cancel-requested=0s",
                "workflow.call-timeout=99ms",
                "workflow.call-timeout=15001ms",
                "workflow.state-machine-arn=order-workflow",
                "personal-data.key-lifetime=59s",
                "personal-data.key-lifetime=169h",
                "personal-data.max-key-uses=1",
                "personal-data.max-key-uses=268435457",
                "personal-data.cached-keys=0",
                "personal-data.key-check-interval=9ms",
                "personal-data.key-check-interval=60001ms",
                "personal-data.erasure-interval=9ms",
                "personal-data.erasure-interval=86401s",
                "personal-data.grace-period=-1ms"
            })
    void anInvalidValueIsRejectedAtStartupByItsFullName(String property) {
        var name = property.substring(0, property.indexOf('.'));
        context.withPropertyValues("orderflow.order." + property)
                .run(
                        started ->
                                assertThat(started)
                                        .hasFailed()
                                        .getFailure()
                                        .hasStackTraceContaining("orderflow.order." + name));
    }

    @Configuration(proxyBeanMethods = false)
    @ConfigurationPropertiesScan("dev.orderflow.order")
    static class BoundOrderProperties {}
}
