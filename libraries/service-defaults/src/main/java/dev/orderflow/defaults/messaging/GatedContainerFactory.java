package dev.orderflow.defaults.messaging;

import dev.orderflow.defaults.delivery.PollingGate;
import dev.orderflow.defaults.delivery.ReceivedMessage;
import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import io.awspring.cloud.sqs.config.Endpoint;
import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.SqsContainerOptionsBuilder;
import io.awspring.cloud.sqs.listener.acknowledgement.handler.AcknowledgementMode;
import io.awspring.cloud.sqs.listener.backpressure.BackPressureHandlerFactories;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Creates the containers of all listeners.
final class GatedContainerFactory extends SqsMessageListenerContainerFactory<Object> {

    private final Supplier<List<PollingGate>> gates;
    private final MeterRegistry meters;

    GatedContainerFactory(
            Supplier<SqsAsyncClient> sqs,
            SqsProperties properties,
            Supplier<List<PollingGate>> gates,
            MeterRegistry meters) {
        this.gates = gates;
        this.meters = meters;
        setSqsAsyncClientSupplier(sqs);
        configure(options -> configure(properties, options));
    }

    private static void configure(SqsProperties properties, SqsContainerOptionsBuilder options) {
        var listener = properties.getListener();
        var mapper = PropertyMapper.get();
        mapper.from(properties.getQueueNotFoundStrategy()).to(options::queueNotFoundStrategy);
        mapper.from(listener.getMaxConcurrentMessages()).to(options::maxConcurrentMessages);
        mapper.from(listener.getMaxMessagesPerPoll()).to(options::maxMessagesPerPoll);
        mapper.from(listener.getPollTimeout()).to(options::pollTimeout);
        mapper.from(listener.getMaxDelayBetweenPolls()).to(options::maxDelayBetweenPolls);
        mapper.from(listener.getAutoStartup()).to(options::autoStartup);
        options.messageConverter(new BodyOnlyMessageConverter())
                .messageAttributeNames(List.of(ReceivedMessage.REDRIVE_ID_ATTRIBUTE))
                .messageSystemAttributeNames(
                        List.of(
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                                MessageSystemAttributeName.SENT_TIMESTAMP))
                // Needed to extend the visibility time-out of waiting messages.
                .queueAttributeNames(List.of(QueueAttributeName.VISIBILITY_TIMEOUT))
                // SqsMessageHandler acknowledges at once: the container has nothing to flush.
                .acknowledgementMode(AcknowledgementMode.MANUAL)
                .acknowledgementInterval(Duration.ZERO)
                .acknowledgementThreshold(0)
                .componentsTaskExecutor(new VirtualThreadTaskExecutor("sqs-"))
                .acknowledgementResultTaskExecutor(new VirtualThreadTaskExecutor("sqs-ack-"));
    }

    @Override
    protected void configureContainerOptions(
            Endpoint endpoint, SqsContainerOptionsBuilder options) {
        super.configureContainerOptions(endpoint, options);
        var queue = onlyOne(endpoint.getLogicalNames());
        Gauge.builder("polling.paused", () -> isPaused(queue) ? 1 : 0)
                .description("1 while polling of the queue is paused")
                .tag("queue", queue)
                .register(meters);
        // Not the default, adaptive mode: in it one slow message stops the polling for minutes.
        options.backPressureHandlerFactory(
                BackPressureHandlerFactories.compositeBackPressureHandler(
                        BackPressureHandlerFactories.concurrencyLimiterBackPressureHandler(),
                        _ -> new GatedBackPressureHandler(queue, gates.get())));
    }

    private boolean isPaused(String queue) {
        return gates.get().stream().anyMatch(gate -> gate.isPaused(queue));
    }

    private static String onlyOne(Collection<String> queues) {
        if (queues.size() != 1) {
            throw new IllegalArgumentException(
                    "a listener must have exactly one queue but has " + queues);
        }
        var queue = queues.iterator().next();
        return queue.substring(queue.lastIndexOf('/') + 1);
    }
}
