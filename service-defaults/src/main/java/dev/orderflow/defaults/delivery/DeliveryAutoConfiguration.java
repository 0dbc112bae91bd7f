package dev.orderflow.defaults.delivery;

import dev.orderflow.defaults.claimcheck.ClaimCheckProperties;
import dev.orderflow.defaults.claimcheck.ClaimChecks;
import dev.orderflow.defaults.tracing.Traces;
import io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Offers [Deliveries] to services that consume queues.
@AutoConfiguration(after = SqsAutoConfiguration.class)
@EnableConfigurationProperties(DeliveryProperties.class)
class DeliveryAutoConfiguration {

    @Bean
    @ConditionalOnBean(SqsAsyncClient.class)
    Deliveries deliveries(
            SqsAsyncClient sqs,
            MeterRegistry meters,
            DeliveryProperties properties,
            Traces traces,
            ClaimChecks claimChecks,
            ClaimCheckProperties claimCheckProperties) {
        return new Deliveries(
                new Settlement(
                        new DeadLetters(QueueCalls.by(sqs)),
                        meters,
                        new BackOff(properties.firstBackOff(), properties.longestBackOff()),
                        traces,
                        claimChecks,
                        new BackOff(
                                claimCheckProperties.firstWait(),
                                claimCheckProperties.longestWait())));
    }
}
