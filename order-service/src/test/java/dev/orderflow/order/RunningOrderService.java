package dev.orderflow.order;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.RoundTripRecorder;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.order.personaldata.MasterKeyFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/// The whole service on a real Postgres and real queues, started once for all test classes that use
/// it.
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "spring.config.name=order-service")
@Import({
    RoundTripRecorder.class,
    SimpleMeterRegistry.class,
    StoredEvents.class,
    MasterKeyFixture.class,
    OrderServicePorts.class
})
@ContextConfiguration(
        initializers = {
            PostgresFixture.class,
            SqsFixture.class,
            OrderQueues.class,
            TokenIssuerStub.class
        })
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface RunningOrderService {}
