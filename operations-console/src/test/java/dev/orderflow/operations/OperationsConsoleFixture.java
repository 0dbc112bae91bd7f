package dev.orderflow.operations;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;

/// The whole console on a real Postgres and real queues, beside an order-service that says what
/// tests want; started once for all test classes that ask for it.
@SpringBootTest(
        classes = OperationsConsoleApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=operations-console",
            "server.port=0",
            "orderflow.operations.state-machine-arn=arn:aws:states:us-east-1:000000000000:stateMachine:none",
            "orderflow.operations.dead-letters.canary-patience=4s"
        })
@ContextConfiguration(
        initializers = {PostgresFixture.class, SqsFixture.class, OrderServiceStub.class})
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OperationsConsoleFixture {}
