package dev.orderflow.outbox.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.fixture.AwsHttpStub;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import dev.orderflow.outbox.EventPayload;
import dev.orderflow.outbox.MissingTransactionException;
import dev.orderflow.outbox.OutboxEvent;
import dev.orderflow.outbox.OutboxPublisher;
import dev.orderflow.outbox.OutboxTarget;
import dev.orderflow.outbox.RecordingTarget;
import dev.orderflow.outbox.RelaySettings;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// An application with the starter, Postgres and a stub that returns the HTTP responses of
/// EventBridge.
class OutboxAutoConfigurationTest {

    private static final AwsHttpStub wire = new AwsHttpStub();

    private final ApplicationContextRunner application =
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(
                                    DataSourceAutoConfiguration.class,
                                    DataSourceTransactionManagerAutoConfiguration.class,
                                    JdbcTemplateAutoConfiguration.class,
                                    JdbcClientAutoConfiguration.class,
                                    TransactionAutoConfiguration.class,
                                    FlywayAutoConfiguration.class,
                                    OutboxAutoConfiguration.class,
                                    OutboxMetricsAutoConfiguration.class,
                                    OutboxHealthAutoConfiguration.class,
                                    OutboxEndpointAutoConfiguration.class))
                    .withUserConfiguration(Application.class)
                    .withPropertyValues(
                            "spring.datasource.url=" + TestDatabase.create().url(),
                            // The application's own migrations expect an empty database.
                            "spring.flyway.locations=classpath:db/application",
                            "management.endpoints.web.exposure.include=outbox",
                            "outbox.relay.poll-interval=20ms",
                            "outbox.relay.initial-backoff=1ms",
                            "outbox.relay.max-attempts=2");

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        EventBridgeClient eventBridge() {
            return wire.client(EventBridgeClient.builder());
        }

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    @AfterEach
    void accept() {
        wire.status = 200;
    }

    private ApplicationContextRunner oneTarget() {
        return application.withPropertyValues(
                "outbox.targets.events.bus=orders", "outbox.targets.events.source=com.example");
    }

    @Test
    void anApplicationPublishesInItsTransactionWithTwoProperties() {
        wire.answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
        oneTarget()
                .run(
                        context -> {
                            var outbox = context.getBean(OutboxPublisher.class);
                            publish(context, outbox, "OrderPlaced");
                            await().until(() -> rows(context, "outbox") == 0);
                            assertThat(counter(context, "published")).isEqualTo(1);
                            assertThat(rows(context, "purchase")).isOne();
                        });
    }

    @Test
    void aContextThatIsStoppedAndStartedAgainPublishes() {
        wire.answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
        oneTarget()
                .run(
                        context -> {
                            context.getSourceApplicationContext().stop();
                            var health =
                                    context.getBean("outboxHealthIndicator", HealthIndicator.class);
                            var relays = context.getBean(OutboxRelays.class);
                            assertThat(relays.isRunning()).isFalse();
                            publish(context, context.getBean(OutboxPublisher.class), "OrderPlaced");
                            context.getSourceApplicationContext().start();
                            await().until(() -> rows(context, "outbox") == 0);
                            assertThat(status(health)).isNotEqualTo(Status.DOWN);
                        });
    }

    @Test
    void healthReportsARelayThatHasEnded() {
        oneTarget()
                .run(
                        context -> {
                            context.getBean(OutboxRelays.class).all().getFirst().stop();
                            assertThat(
                                            status(
                                                    context.getBean(
                                                            "outboxHealthIndicator",
                                                            HealthIndicator.class)))
                                    .isEqualTo(Status.DOWN);
                        });
    }

    @Configuration(proxyBeanMethods = false)
    static class SecondRegistry {

        @Bean
        MeterRegistry secondMeters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        @Primary
        CompositeMeterRegistry allMeters(MeterRegistry meters, MeterRegistry secondMeters) {
            return new CompositeMeterRegistry(Clock.SYSTEM, List.of(meters, secondMeters));
        }
    }

    @Test
    void eachOfSeveralRegistriesCountsPublishedEvents() {
        wire.answer = "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
        oneTarget()
                .withUserConfiguration(SecondRegistry.class)
                .run(
                        context -> {
                            publish(context, context.getBean(OutboxPublisher.class), "OrderPlaced");
                            await().until(() -> rows(context, "outbox") == 0);
                            for (var name : List.of("meters", "secondMeters")) {
                                var meters = context.getBean(name, MeterRegistry.class);
                                await().until(
                                                () ->
                                                        meters.counter(
                                                                                "outbox.events",
                                                                                "outcome",
                                                                                "published")
                                                                        .count()
                                                                == 1);
                            }
                        });
    }

    @Test
    void anEventOutsideOfATransactionIsRefused() {
        oneTarget()
                .run(
                        context ->
                                assertThat(
                                                org.assertj.core.api.Assertions.catchThrowable(
                                                        () ->
                                                                context.getBean(
                                                                                OutboxPublisher
                                                                                        .class)
                                                                        .publish(
                                                                                OutboxEvent
                                                                                        .unordered(
                                                                                                "A",
                                                                                                EventPayload
                                                                                                        .json(
                                                                                                                "{}")))))
                                        .isInstanceOf(MissingTransactionException.class));
    }

    @Test
    void aStartOnAMigratedDatabaseChangesNothing() {
        oneTarget().run(context -> assertThat(context).hasNotFailed());
        oneTarget().run(context -> assertThat(rows(context, "outbox_schema_history")).isEqualTo(2));
    }

    @Test
    void theEndpointListsReleasesAndDiscardsParkedEvents() {
        wire.answer =
                "{\"FailedEntryCount\":1,\"Entries\":[{\"ErrorCode\":\"MalformedDetail\",\"ErrorMessage\":\"no\"}]}";
        oneTarget()
                .run(
                        context -> {
                            var outbox = context.getBean(OutboxPublisher.class);
                            // One after the other: the stub answers for one event.
                            publish(context, outbox, "Bad");
                            await().until(() -> rows(context, "outbox_parked") == 1);
                            publish(context, outbox, "Worse");
                            await().until(() -> rows(context, "outbox_parked") == 2);
                            assertThat(gauge(context, "outbox.parked")).isEqualTo(2);
                            var endpoint = context.getBean(OutboxEndpoint.class);
                            var report = endpoint.describe();
                            assertThat(report.statistics().parked()).isEqualTo(2);
                            assertThat(report.shards()).hasSize(16);
                            assertThat(report.shards().getFirst().owner()).isNotNull();
                            assertThat(report.parkedReasons().getFirst().reason())
                                    .isEqualTo("MalformedDetail");
                            var first = report.parked().getFirst();
                            assertThat(endpoint.discard(first.eventId(), "a test").discarded())
                                    .isTrue();
                            assertThat(endpoint.discard(first.eventId(), "a test").discarded())
                                    .isFalse();
                            wire.answer =
                                    "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}";
                            assertThat(endpoint.release(null, null, "MalformedDetail").events())
                                    .isOne();
                            await().until(() -> rows(context, "outbox") == 0);
                            assertThat(rows(context, "outbox_parked")).isZero();
                            assertThat(rows(context, "outbox_discarded")).isOne();
                        });
    }

    @Test
    void healthReportsAMissingBusAndEventsWait() {
        wire.answerWithError(400, "ResourceNotFoundException");
        oneTarget()
                .run(
                        context -> {
                            publish(context, context.getBean(OutboxPublisher.class), "OrderPlaced");
                            var health =
                                    context.getBean("outboxHealthIndicator", HealthIndicator.class);
                            await().until(() -> status(health).equals(Status.DOWN));
                            assertThat(gauge(context, "outbox.target.missing")).isEqualTo(1);
                            assertThat(rows(context, "outbox")).isOne();
                        });
    }

    @Test
    void theOldestTransactionIsInHealthEndpointAndMeters() {
        oneTarget()
                .run(
                        context -> {
                            try (var reader = context.getBean(DataSource.class).getConnection()) {
                                reader.setTransactionIsolation(
                                        Connection.TRANSACTION_REPEATABLE_READ);
                                reader.setAutoCommit(false);
                                reader.prepareStatement("SELECT FROM outbox").execute();
                                // The relay's leases are renewed, and so transactions follow.
                                await().until(
                                                () ->
                                                        gauge(
                                                                        context,
                                                                        "outbox.oldest.transaction.age")
                                                                > 0);
                                var oldest =
                                        context.getBean(OutboxEndpoint.class)
                                                .describe()
                                                .oldestTransaction();
                                assertThat(oldest).isNotNull();
                                assertThat(oldest.description()).startsWith("session ");
                                var health =
                                        context.getBean(
                                                        "outboxHealthIndicator",
                                                        HealthIndicator.class)
                                                .health(true);
                                assertThat(health).isNotNull();
                                assertThat(health.getDetails().get("oldestTransaction"))
                                        .asString()
                                        .startsWith(oldest.description());
                                reader.rollback();
                            }
                        });
    }

    @Test
    void anApplicationWithoutATargetHasNoOutbox() {
        application.run(
                context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context).doesNotHaveBean(OutboxPublisher.class);
                    assertThat(context).doesNotHaveBean(OutboxMigration.class);
                });
        var analysis =
                new MissingOutboxFailureAnalyzer()
                        .analyze(new NoSuchBeanDefinitionException(OutboxPublisher.class));
        assertThat(analysis.getAction()).contains("outbox.targets.<name>.bus");
    }

    @Test
    void aTargetThatIsABeanNeedsNoProperty() {
        application
                .withBean("memory", OutboxTarget.class, RecordingTarget::new)
                .run(
                        context -> {
                            publish(context, context.getBean(OutboxPublisher.class), "OrderPlaced");
                            await().until(() -> rows(context, "outbox") == 0);
                        });
    }

    @Test
    void theDefaultsAreTheSameWithAndWithoutProperties() {
        var properties = new Binder().bindOrCreate("outbox", OutboxProperties.class);
        assertThat(properties.relay().toSettings()).isEqualTo(RelaySettings.DEFAULTS);
    }

    @Test
    void theReadmeNamesEveryMeter() {
        oneTarget()
                .run(
                        context -> {
                            var readme = Files.readString(Path.of("../README.md"));
                            gauge(context, "outbox.depth");
                            assertThat(context.getBean(MeterRegistry.class).getMeters())
                                    .extracting(it -> it.getId().getName())
                                    .filteredOn(it -> it.startsWith("outbox."))
                                    .hasSizeGreaterThan(8)
                                    .allSatisfy(it -> assertThat(readme).contains(it));
                        });
    }

    @Test
    void targetsOfSeveralKindsAreChosenByType() {
        wire.answer =
                "{\"Successful\":[{\"Id\":\"0\",\"MessageId\":\"m\",\"MD5OfMessageBody\":\"x\"}],\"Failed\":[]}";
        oneTarget()
                .withBean(
                        SqsClient.class,
                        () -> wire.client(SqsClient.builder().checksumValidationEnabled(false)))
                .withPropertyValues(
                        "outbox.targets.jobs.queue-url=http://127.0.0.1/000000000000/jobs.fifo",
                        "outbox.default-target=events",
                        "outbox.routes.JobQueued=jobs")
                .run(
                        context -> {
                            publish(context, context.getBean(OutboxPublisher.class), "JobQueued");
                            await().until(() -> rows(context, "outbox") == 0);
                            assertThat(counter(context, "published")).isEqualTo(1);
                        });
    }

    @Test
    void aTargetOfNoKindOrOfTwoStopsTheStart() {
        for (var properties :
                new String[][] {
                    {"outbox.targets.events.source=com.example"},
                    {
                        "outbox.targets.events.queue-url=http://127.0.0.1/1/q",
                        "outbox.targets.events.topic-arn=arn:aws:sns:us-east-1:000000000000:t"
                    }
                }) {
            application
                    .withPropertyValues(properties)
                    .run(
                            context ->
                                    assertThat(context)
                                            .getFailure()
                                            .rootCause()
                                            .hasMessageContaining("exactly one of bus"));
        }
    }

    @Test
    void aConfigurationThatLeavesTheTargetOpenStopsTheStart() {
        oneTarget()
                .withPropertyValues(
                        "outbox.targets.others.bus=others",
                        "outbox.targets.others.source=com.example")
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .rootCause()
                                        .hasMessageContaining("outbox.default-target"));
        oneTarget()
                .withPropertyValues("outbox.routes.OrderPlaced=nowhere")
                .run(
                        context ->
                                assertThat(context)
                                        .getFailure()
                                        .rootCause()
                                        .hasMessageContaining("nowhere"));
    }

    @Test
    void anInstanceWithoutRelaysStoresEventsForOthers() {
        oneTarget()
                .withPropertyValues("outbox.enabled=false")
                .run(
                        context -> {
                            assertThat(context).doesNotHaveBean(OutboxRelays.class);
                            publish(context, context.getBean(OutboxPublisher.class), "OrderPlaced");
                            assertThat(rows(context, "outbox")).isOne();
                        });
    }

    private static Status status(HealthIndicator indicator) {
        var health = indicator.health(false);
        return health == null ? Status.UNKNOWN : health.getStatus();
    }

    private static void publish(ApplicationContext context, OutboxPublisher outbox, String type) {
        context.getBean(TransactionTemplate.class)
                .executeWithoutResult(
                        _ -> {
                            context.getBean(JdbcClient.class)
                                    .sql("INSERT INTO purchase (article) VALUES ('mug')")
                                    .update();
                            outbox.publish(OutboxEvent.of(type, type, EventPayload.json("{}")));
                        });
    }

    private static int rows(ApplicationContext context, String table) {
        return context.getBean(JdbcClient.class)
                .sql("SELECT count(*) FROM " + table)
                .query(Integer.class)
                .single();
    }

    private static double counter(ApplicationContext context, String outcome) {
        return context.getBean(MeterRegistry.class)
                .counter("outbox.events", "outcome", outcome)
                .count();
    }

    private static double gauge(ApplicationContext context, String name) {
        var meters = context.getBean(MeterRegistry.class);
        context.getBeansOfType(MeterBinder.class).values().forEach(it -> it.bindTo(meters));
        return meters.get(name).gauge().value();
    }
}
