package dev.orderflow.defaults.messaging;

import dev.orderflow.defaults.delivery.PollingGate;
import io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration;
import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Configures all listeners alike: they poll on virtual threads, respect the polling gates, and
/// read only the body of a message.
@AutoConfiguration(before = SqsAutoConfiguration.class)
@ConditionalOnProperty(
        name = "spring.cloud.aws.sqs.enabled",
        havingValue = "true",
        matchIfMissing = true)
class ListenerAutoConfiguration {

    /// Replaces the factory of Spring Cloud AWS, under the bean name that its listeners use.
    @Bean
    @ConditionalOnMissingBean(SqsMessageListenerContainerFactory.class)
    GatedContainerFactory defaultSqsListenerContainerFactory(
            ObjectProvider<SqsAsyncClient> sqs,
            SqsProperties properties,
            ObjectProvider<PollingGate> gates,
            MeterRegistry meters) {
        return new GatedContainerFactory(
                sqs::getObject, properties, () -> gates.orderedStream().toList(), meters);
    }
}
