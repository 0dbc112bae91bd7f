package dev.orderflow.defaults.messaging;

import dev.orderflow.defaults.delivery.PollingGate;
import io.awspring.cloud.autoconfigure.sqs.SqsAutoConfiguration;
import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Makes every listener poll in the same way: on virtual threads, through the gates, and reading
/// nothing of a message but its body.
@AutoConfiguration(before = SqsAutoConfiguration.class)
@ConditionalOnProperty(
        name = "spring.cloud.aws.sqs.enabled",
        havingValue = "true",
        matchIfMissing = true)
class ListenerAutoConfiguration {

    /// In place of Spring Cloud AWS's own, under the name that its listeners look for.
    @Bean
    @ConditionalOnMissingBean(SqsMessageListenerContainerFactory.class)
    GatedContainerFactory defaultSqsListenerContainerFactory(
            ObjectProvider<SqsAsyncClient> sqs,
            SqsProperties properties,
            ObjectProvider<PollingGate> gates) {
        return new GatedContainerFactory(
                sqs::getObject, properties, () -> gates.orderedStream().toList());
    }
}
