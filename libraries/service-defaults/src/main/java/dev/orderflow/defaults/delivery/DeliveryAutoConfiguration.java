package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.claimcheck.ClaimCheckProperties;
import dev.orderflow.defaults.claimcheck.ClaimCheckRedeemer;
import dev.orderflow.defaults.history.OrderHistoryAutoConfiguration;
import dev.orderflow.defaults.history.OrderIncidents;
import dev.orderflow.defaults.retry.RetryBackOff;
import dev.orderflow.defaults.tracing.TracePropagation;
import io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration;
import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Provides the [SqsMessageHandler] for services that consume queues.
@AutoConfiguration(after = {SqsAutoConfiguration.class, OrderHistoryAutoConfiguration.class})
@EnableConfigurationProperties(DeliveryProperties.class)
class DeliveryAutoConfiguration {

    /// The longest `WaitTimeSeconds` of `ReceiveMessage`.
    private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

    @Bean
    QueueGates queueGates(ApplicationContext context, DeliveryProperties properties) {
        return new QueueGates(context, properties.outage().probeInterval());
    }

    @Bean
    @ConditionalOnBean(SqsAsyncClient.class)
    SqsMessageHandler deliveries(
            SqsAsyncClient sqs,
            MeterRegistry meters,
            DeliveryProperties properties,
            TracePropagation traces,
            ClaimCheckRedeemer claimChecks,
            ClaimCheckProperties claimCheckProperties,
            QueueGates gates,
            ObjectProvider<OrderIncidents> incidents,
            SqsProperties sqsProperties) {
        var outage = properties.outage();
        return new SqsMessageHandler(
                new MessageProcessor(
                        new DeadLetterSender(SqsCalls.using(sqs)),
                        meters,
                        RetryBackOff.doublingWithFullJitter(
                                properties.initialBackOff(), properties.maxBackOff()),
                        OutageBackOff.of(outage.initialReturnDelay(), outage.maxReturnDelay()),
                        traces,
                        claimChecks,
                        OutageBackOff.of(
                                claimCheckProperties.initialRetryDelay(),
                                claimCheckProperties.maxRetryDelay()),
                        incidents.getIfAvailable(OrderIncidents::none),
                        new MessageProcessor.OutageHandling(
                                gates,
                                OutageWait.OutageWaitLimits.of(outage),
                                pollTimeout(sqsProperties))),
                sqs);
    }

    private static Duration pollTimeout(SqsProperties sqs) {
        var configured = sqs.getListener().getPollTimeout();
        return configured == null ? LONGEST_POLL : configured;
    }
}
