package dev.orderflow.shipping.messaging;

import dev.orderflow.shipping.arrangement.OutageGate;
import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import io.awspring.cloud.sqs.config.MessageListenerContainerFactory;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandlerFactories;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/// Makes listener containers that heed the outage gate.
@Configuration(proxyBeanMethods = false)
class GatedListeners {

    static final String FACTORY = "gatedListenerContainerFactory";

    /// Declared by its interface: a second bean of the class would make Spring Cloud AWS leave out
    /// its own factory, which the cancellations need. Those are heard during an outage, too.
    @Bean(FACTORY)
    MessageListenerContainerFactory<?> gatedListenerContainerFactory(
            SqsAsyncClient sqs, SqsProperties properties, OutageGate gate) {
        var listener = properties.getListener();
        return SqsMessageListenerContainerFactory.<Object>builder()
                .sqsAsyncClient(sqs)
                .configure(
                        options -> {
                            var missing = properties.getQueueNotFoundStrategy();
                            if (missing != null) {
                                options.queueNotFoundStrategy(missing);
                            }
                            var concurrent = listener.getMaxConcurrentMessages();
                            if (concurrent != null) {
                                options.maxConcurrentMessages(concurrent);
                            }
                            var perPoll = listener.getMaxMessagesPerPoll();
                            if (perPoll != null) {
                                options.maxMessagesPerPoll(perPoll);
                            }
                            var pollTimeout = listener.getPollTimeout();
                            if (pollTimeout != null) {
                                options.pollTimeout(pollTimeout);
                            }
                            var betweenPolls = listener.getMaxDelayBetweenPolls();
                            if (betweenPolls != null) {
                                options.maxDelayBetweenPolls(betweenPolls);
                            }
                            options.backPressureHandlerFactory(
                                    BackPressureHandlerFactories.compositeBackPressureHandler(
                                            BackPressureHandlerFactories
                                                    .concurrencyLimiterBackPressureHandler(),
                                            _ -> new GatedPolling(gate)));
                        })
                .build();
    }
}
