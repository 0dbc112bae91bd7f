package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.claimcheck.ClaimCheckProperties;
import dev.orderflow.defaults.claimcheck.ClaimChecks;
import dev.orderflow.defaults.tracing.Traces;
import io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration;
import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Offers [Deliveries] to services that consume queues.
@AutoConfiguration(after = SqsAutoConfiguration.class)
@EnableConfigurationProperties(DeliveryProperties.class)
class DeliveryAutoConfiguration {

    /// SQS's limit of a long poll, see ReceiveMessage's WaitTimeSeconds.
    private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

    @Bean
    QueueGates queueGates(ApplicationContext context, DeliveryProperties properties) {
        return new QueueGates(context, properties.outage().probeEvery());
    }

    @Bean
    @ConditionalOnBean(SqsAsyncClient.class)
    Deliveries deliveries(
            SqsAsyncClient sqs,
            MeterRegistry meters,
            DeliveryProperties properties,
            Traces traces,
            ClaimChecks claimChecks,
            ClaimCheckProperties claimCheckProperties,
            QueueGates gates,
            SqsProperties sqsProperties) {
        var outage = properties.outage();
        return new Deliveries(
                new Settlement(
                        new DeadLetters(QueueCalls.by(sqs)),
                        meters,
                        new BackOff(properties.firstBackOff(), properties.longestBackOff()),
                        new LongBackOff(outage.firstReturn(), outage.longestReturn()),
                        traces,
                        claimChecks,
                        new LongBackOff(
                                claimCheckProperties.firstWait(),
                                claimCheckProperties.longestWait()),
                        new Settlement.Waiting(
                                gates, OutageWait.Limits.of(outage), pollTimeout(sqsProperties))),
                sqs);
    }

    private static Duration pollTimeout(SqsProperties sqs) {
        var configured = sqs.getListener().getPollTimeout();
        return configured == null ? LONGEST_POLL : configured;
    }
}
