package dev.orderflow.defaults.delivery;

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
            Traces traces) {
        var backOff = new BackOff(properties.firstBackOff(), properties.longestBackOff());
        return new Deliveries(new DeadLetters(sqs), meters, backOff, traces);
    }
}
