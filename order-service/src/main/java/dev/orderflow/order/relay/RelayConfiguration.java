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
class RelayConfiguration {

    /// The client of EventBridge, with Spring Cloud AWS's endpoint, region and credentials.
    @Bean
    EventBridgeClient eventBridge(
            AwsClientBuilderConfigurer configurer, RelayProperties properties) {
        var builder = configurer.configure(EventBridgeClient.builder());
        return builder.httpClientBuilder(
                        Apache5HttpClient.builder().maxConnections(properties.calls()))
                .overrideConfiguration(
                        builder.overrideConfiguration().toBuilder()
                                .apiCallTimeout(properties.callTimeout())
                                .build())
                .build();
    }

    /// Without a bucket every event goes over the bus as it is.
    @Bean
    EventBus eventBus(
            EventBridgeClient client,
            RelayProperties properties,
            ClaimCheckProperties claimChecks,
            ObjectProvider<S3Client> s3) {
        var bus = new EventBridgeBus(client, properties.bus());
        return claimChecks.bucket().isBlank()
                ? bus
                : new ClaimCheckingBus(
                        bus,
                        new S3LargeDetails(s3::getObject, claimChecks.bucket()),
                        properties.largestDetail().toBytes());
    }

    @Bean
    @ConditionalOnProperty(name = "orderflow.order.relay.enabled", matchIfMissing = true)
    RelayLifecycle relay(
            JdbcClient jdbc,
            TransactionTemplate transactions,
            EventBus bus,
            WorkItemService attention,
            RelayProperties properties,
            MeterRegistry meters) {
        var me = UUID.randomUUID();
        var relay =
                new Relay(
                        new Backlog(
                                jdbc,
                                transactions,
                                (orderId, type, reason) ->
                                        attention.raise(
                                                orderId,
                                                WorkItemKind.EVENT_PARKED,
                                                type + " could not be published: " + reason),
                                me),
                        new ShardLeases(jdbc, me, properties.lease()),
                        bus,
                        properties,
                        RelayCounters.in(meters));
        Gauge.builder("outbox.bus.missing", relay, it -> isMissing(it) ? 1 : 0)
                .description("1 while the event bus does not exist, and events wait in the outbox")
                .register(meters);
        return new RelayLifecycle(relay);
    }

    /// Part of `/actuator/health`, and not of readiness: orders are accepted and wait in the
    /// outbox.
    @Bean
    @ConditionalOnProperty(name = "orderflow.order.relay.enabled", matchIfMissing = true)
    HealthIndicator eventBusHealthIndicator(RelayLifecycle relay) {
        return () ->
                switch (relay.existence()) {
                    case EventBus.Existence.Exists _ -> Health.up().build();
                    case EventBus.Existence.Missing _ ->
                            Health.down()
                                    .withDetail("reason", "the event bus does not exist")
                                    .build();
                    case EventBus.Existence.Unknown(var reason) ->
                            Health.unknown().withDetail("reason", reason).build();
                };
    }

    private static boolean isMissing(Relay relay) {
        return relay.existence() instanceof EventBus.Existence.Missing;
    }

    @Bean
    BacklogMeters backlogMeters(JdbcClient jdbc) {
        return new BacklogMeters(jdbc);
    }
}
