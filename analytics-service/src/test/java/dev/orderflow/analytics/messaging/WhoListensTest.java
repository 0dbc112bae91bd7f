package dev.orderflow.analytics.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class WhoListensTest {

    private final ApplicationContextRunner service =
            new ApplicationContextRunner()
                    .withInitializer(
                            context ->
                                    context.addBeanFactoryPostProcessor(
                                            new LazyInitializationBeanFactoryPostProcessor()))
                    .withUserConfiguration(FactListener.class);

    @Test
    void theServiceReadsTheQueueUnlessToldOtherwise() {
        service.run(context -> assertThat(context).hasSingleBean(FactListener.class));
    }

    @Test
    void theServiceLeavesTheQueueToAFunction() {
        service.withPropertyValues("orderflow.analytics.listens=false")
                .run(context -> assertThat(context).doesNotHaveBean(FactListener.class));
    }
}
