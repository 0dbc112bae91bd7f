package dev.orderflow.operations;

import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;

/// The whole console with Postgres, queues and stubs of the services and of Step Functions, started
/// once for all test classes with this annotation. Tests run the auditor themselves.
@SpringBootTest(
        classes = OperationsConsoleApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.config.name=operations-console",
            "orderflow.operations.state-machine-arn=arn:aws:states:us-east-1:000000000000:stateMachine:none",
            "orderflow.operations.auditor.interval=1h",
            "orderflow.operations.auditor.batch-size=3",
            "orderflow.confirmations.recovery-interval=200ms",
            "orderflow.operations.redrives.take-over-interval=200ms",
            // Tests scan themselves.
            "orderflow.operations.dead-letters.scan-interval=1h",
            // The queues of tests have one server, so a short poll finds every message.
            "orderflow.operations.dead-letters.wait-time=0s",
            // So that few messages are more than one view reads.
            "orderflow.operations.dead-letters.max-messages=150",
            "orderflow.operations.dead-letters.canary-poll-interval=10ms",
            "orderflow.operations.live.heartbeat=300ms",
            "orderflow.operations.workbench.enabled=true",
            "management.cloudwatch.metrics.export.namespace=false"
        })
@ContextConfiguration(
        initializers = {
            PostgresFixture.class,
            SqsFixture.class,
            ServiceStubs.class,
            SignInIssuerStub.class,
            StepFunctionsStub.class
        })
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface OperationsConsoleFixture {}
