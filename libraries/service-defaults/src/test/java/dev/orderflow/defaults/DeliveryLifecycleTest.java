package dev.orderflow.defaults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.orderflow.contracts.fixture.TcpProxy;
import dev.orderflow.defaults.fixture.PostgresFixture;
import dev.orderflow.defaults.fixture.SqsFixture;
import dev.orderflow.localpostgres.fixture.TestDatabase;
import io.awspring.cloud.sqs.listener.MessageListenerContainer;
import io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;

/// A service during an outage of its database, and a service that stops under load.
@ExtendWith(OutputCaptureExtension.class)
class DeliveryLifecycleTest {

    private static final int RECEIVES = 3;

    private final String queue = "lifecycle-" + UUID.randomUUID();

    @Test
    void messagesLoseNoReceivesDuringAnOutageOfTheDatabase(CapturedOutput output)
            throws SQLException {
        createQueues();
        var database = TestDatabase.create().url();
        try (var proxy = TcpProxy.to(database);
                var service = start("spring.datasource.url=" + proxy.through(database))) {
            var listeners = service.getBean(TestService.TestListeners.class);
            // Not before the start, in which a connection may take longer on a busy machine.
            service.getBean(DataSource.class)
                    .unwrap(HikariDataSource.class)
                    .getHikariConfigMXBean()
                    .setConnectionTimeout(250);
            proxy.refuseConnections();
            var bodies = send("stored", 20);
            // More often than a message may be received.
            await().until(() -> listeners.attempts.get() > bodies.size() * (RECEIVES + 1));
            assertThat(listeners.handled).isEmpty();
            assertThat(output).contains("queue " + queue + ": polling paused, database");
            proxy.recover();
            await().untilAsserted(
                            () ->
                                    assertThat(listeners.handled)
                                            .containsExactlyInAnyOrderElementsOf(
                                                    bodies.stream()
                                                            .map(body -> body + "#1")
                                                            .toList()));
            await().until(() -> SqsFixture.depth(queue) == 0);
            assertThat(SqsFixture.depth(queue + "-dlq")).isZero();

            proxy.refuseConnections();
            int before = listeners.attempts.get();
            send("stored late", 1);
            await().until(() -> listeners.attempts.get() > before + 1);
        }
        assertThat(output).contains("will be retried in");
        assertThat(SqsFixture.depth(queue)).isEqualTo(1);
        assertThat(output).doesNotContain(" #2]");
    }

    @Test
    void aShutdownUnderLoadDeletesAllHandledMessages() {
        createQueues();
        TestService.TestListeners listeners;
        List<String> bodies;
        try (var service = start()) {
            listeners = service.getBean(TestService.TestListeners.class);
            var containers = service.getBean(MessageListenerContainerRegistry.class);
            // The stop meets messages at work and in the queue, however late it begins.
            listeners.isHeld =
                    () ->
                            listeners.handled.size() >= 150
                                    && containers.getListenerContainers().stream()
                                            .anyMatch(MessageListenerContainer::isRunning);
            bodies = send("slow", 300);
            await().until(() -> listeners.handled.size() > 100);
        }
        int handled = listeners.handled.size();
        assertThat(handled).isBetween(101, bodies.size() - 1);
        assertThat(new HashSet<>(listeners.handled)).hasSize(handled);
        assertThat(SqsFixture.depth(queue)).isEqualTo(bodies.size() - handled);
    }

    private void createQueues() {
        SqsFixture.createQueue(queue, RECEIVES);
        SqsFixture.createQueue("single", RECEIVES);
        SqsFixture.createQueue("batch", RECEIVES);
    }

    private ConfigurableApplicationContext start(String... settings) {
        return new SpringApplicationBuilder(TestService.class)
                .initializers(
                        new PostgresFixture(),
                        new SqsFixture(),
                        context ->
                                TestPropertyValues.of(settings)
                                        .and(
                                                "spring.cloud.aws.sqs.listener.poll-timeout=1s",
                                                "orderflow.test.single-queue=" + queue,
                                                "orderflow.delivery.outage.probe-interval=100ms",
                                                "orderflow.delivery.outage.max-probe-interval=200ms")
                                        .applyTo(context))
                .properties("spring.config.name=defaults-test")
                .run();
    }

    private List<String> send(String kind, int messages) {
        var bodies = IntStream.range(0, messages).mapToObj(i -> kind + " " + i).toList();
        bodies.forEach(body -> SqsFixture.send(queue, body));
        return bodies;
    }
}
