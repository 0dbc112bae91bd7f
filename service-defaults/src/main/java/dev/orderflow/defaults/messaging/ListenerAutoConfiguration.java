package dev.orderflow.defaults.messaging;

import io.awspring.cloud.sqs.config.SqsMessageListenerContainerFactory;
import io.awspring.cloud.sqs.listener.BackPressureMode;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/// Puts every listener container on virtual threads.
///
/// Spring Cloud AWS 4.1 does not heed `spring.threads.virtual.enabled` here, and its `AUTO`
/// back-pressure
/// lets one long message stop the polling for minutes.
@AutoConfiguration
class ListenerAutoConfiguration {

    @Bean
    static BeanPostProcessor listenersOnVirtualThreads() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof SqsMessageListenerContainerFactory<?> factory) {
                    factory.configure(
                            options ->
                                    options.componentsTaskExecutor(
                                                    new VirtualThreadTaskExecutor("sqs-"))
                                            .acknowledgementResultTaskExecutor(
                                                    new VirtualThreadTaskExecutor("sqs-ack-"))
                                            .backPressureMode(
                                                    BackPressureMode.FIXED_HIGH_THROUGHPUT));
                }
                return bean;
            }
        };
    }
}
