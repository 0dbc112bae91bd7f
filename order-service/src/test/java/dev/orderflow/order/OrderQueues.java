package dev.orderflow.order;

import dev.orderflow.defaults.fixture.SqsFixture;
import java.util.List;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/// Creates the queues that the service listens to before it starts.
public final class OrderQueues
        implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        List.of("fulfilment-requests", "order-progress", "approval-requests", "workflow-failures")
                .forEach(SqsFixture::createQueue);
    }
}
