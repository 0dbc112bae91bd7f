package dev.orderflow.order.relay;

import dev.orderflow.defaults.claimcheck.ClaimCheckProperties;
import dev.orderflow.order.domain.WorkItemKind;
import dev.orderflow.order.workitems.WorkItemService;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;

@Configuration(proxyBeanMethods = false)
class OutboxRelayConfiguration {

    /// The client of EventBridge, with Spring Cloud AWS's endpoint, region and credentials.
    @Bean
    EventBridgeClient eventBridge(
            AwsClientBuilderConfigurer configurer, OutboxRelayProperties properties) {
        var builder = configurer.configure(EventBridgeClient.builder());
        return builder.httpClientBuilder(
                        Apache5HttpClient.builder().maxConnections(properties.maxConcurrentCalls()))
                .overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(properties.callTimeout())
                                .build())
                .build();
    }

    /// Without a bucket every event goes over the bus as it is.
    @Bean
    OutboxTarget eventBus(
            EventBridgeClient client,
            OutboxRelayProperties properties,
            ClaimCheckProperties claimChecks,
            ObjectProvider<S3Client> s3) {
        var bus = new EventBridgeTarget(client, properties.bus());
        return claimChecks.bucket().isBlank()
                ? bus
                : new ClaimCheckTarget(
                        bus,
                        new S3PayloadStore(s3::getObject, claimChecks.bucket()),
                        properties.maxPayloadSize().toBytes());
    }

    @Bean
    @ConditionalOnProperty(name = "orderflow.order.relay.enabled", matchIfMissing = true)
    OutboxRelayLifecycle relay(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            OutboxTarget bus,
            WorkItemService workItems,
            OutboxRelayProperties properties,
            MeterRegistry meters) {
        var me = UUID.randomUUID();
        var relay =
                new OutboxRelay(
                        new OutboxRepository(
                                jdbc,
                                transactions,
                                (orderId, type, reason) ->
                                        workItems.raise(
                                                orderId,
                                                WorkItemKind.EVENT_PARKED,
                                                type + " could not be published: " + reason),
                                me),
                        new ShardLeases(jdbc, me, properties.leaseDuration()),
                        bus,
                        properties,
                        RelayMeters.in(meters));
        Gauge.builder("outbox.bus.missing", relay, it -> isMissing(it) ? 1 : 0)
                .description("1 while the event bus does not exist, and events wait in the outbox")
                .register(meters);
        return new OutboxRelayLifecycle(relay);
    }

    /// Part of `/actuator/health`, and not of readiness: orders are accepted and wait in the
    /// outbox.
    @Bean
    @ConditionalOnProperty(name = "orderflow.order.relay.enabled", matchIfMissing = true)
    HealthIndicator eventBusHealthIndicator(OutboxRelayLifecycle relay) {
        return () ->
                switch (relay.existence()) {
                    case OutboxTarget.TargetState.TargetExists _ -> Health.up().build();
                    case OutboxTarget.TargetState.TargetMissing _ ->
                            Health.down()
                                    .withDetail("reason", "the event bus does not exist")
                                    .build();
                    case OutboxTarget.TargetState.TargetUnknown(var reason) ->
                            Health.unknown().withDetail("reason", reason).build();
                };
    }

    private static boolean isMissing(OutboxRelay relay) {
        return relay.targetState() instanceof OutboxTarget.TargetState.TargetMissing;
    }

    @Bean
    OutboxMeters backlogMeters(JdbcClient jdbc) {
        return new OutboxMeters(jdbc);
    }
}
