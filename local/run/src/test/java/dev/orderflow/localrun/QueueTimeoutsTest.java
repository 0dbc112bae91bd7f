package dev.orderflow.localrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.defaults.claimcheck.ClaimCheckProperties;
import dev.orderflow.defaults.delivery.DeliveryProperties;
import dev.orderflow.defaults.delivery.OutageBackOff;
import dev.orderflow.notification.NotificationProperties;
import dev.orderflow.shipping.ShippingProperties;
import dev.orderflow.topology.Topology;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Compares the visibility time-outs and receive counts of the queues with the calls of their
/// handlers, which are defined in different modules.
class QueueTimeoutsTest {

    private static final Topology TOPOLOGY = Topology.load();

    /// The longest time-out of order-service for a call of Step Functions.
    private static final Duration LONGEST_STEP_FUNCTIONS_CALL = Duration.ofSeconds(15);

    /// A handler takes longer only while a dependency does not respond, which is no failure of its
    /// message.
    private static final Duration HANDLING_THAT_FAILS = Duration.ofSeconds(10);

    static Iterable<Topology.QueueSpec> queues() {
        return TOPOLOGY.queues();
    }

    /// The sum of all time-outs of a handler. If it exceeded the visibility time-out, a message
    /// could be handled a second time meanwhile, which does no harm but costs a receive.
    @ParameterizedTest
    @MethodSource("queues")
    void aHandlerFinishesWithinTheVisibilityTimeoutOfItsQueue(Topology.QueueSpec queue) {
        var settings = QueueTimeoutSettings.of(queue.consumer());
        var longest =
                ClaimCheckProperties.CALL_TIMEOUT
                        .multipliedBy(largestBatch(queue, settings))
                        .plus(settings.duration("spring.datasource.hikari.connection-timeout"))
                        .plus(settings.duration("spring.transaction.default-timeout"))
                        .plus(calls(queue));
        assertThat(longest).isLessThan(Duration.ofSeconds(queue.visibilityTimeoutSeconds()));
    }

    /// `orderflow.<service>.queues.<queue>`, whose value is the name in the topology.
    @ParameterizedTest
    @MethodSource("queues")
    void aConsumerHasAPropertyForEachOfItsQueues(Topology.QueueSpec queue) {
        var name =
                "orderflow.%s.queues.%s"
                        .formatted(queue.consumer().replace("-service", ""), queue.name());
        assertThat(QueueTimeoutSettings.of(queue.consumer()).bind(name, String.class))
                .isEqualTo(queue.name());
    }

    /// The calls of each queue's handler. A new queue needs an entry.
    private static Duration calls(Topology.QueueSpec queue) {
        return switch (queue.name()) {
            case "fulfilment-requests" -> LONGEST_STEP_FUNCTIONS_CALL;
            // The last state of the execution, and its error.
            case "workflow-failures" -> LONGEST_STEP_FUNCTIONS_CALL.multipliedBy(2);
            // A request that an operator sent again begins with one more heartbeat.
            case "shipping-requests" ->
                    shipping().maxAttemptDuration().plus(shipping().workflow().callTimeout());
            case "shipping-cancellations" -> shipping().workflow().callTimeout();
            case "notifications" -> notification().timeouts().total();
            case "order-progress", "approval-requests", "stock-deductions", "analytics" ->
                    Duration.ZERO;
            default -> throw new IllegalArgumentException("what does its handler call? " + queue);
        };
    }

    private static int largestBatch(Topology.QueueSpec queue, QueueTimeoutSettings settings) {
        return queue.name().equals("analytics")
                ? settings.bind(
                        "spring.cloud.aws.sqs.listener.max-messages-per-poll", Integer.class)
                : 1;
    }

    /// After its maximum number of receives a request is acknowledged, and the stored shipment is
    /// continued by the scheduler.
    @Test
    void shippingReturnsARequestBeforeItsMaximumReceiveCount() {
        assertThat(shipping().retry().maxReceives()).isLessThan(receives("shipping-requests"));
        assertThat(shipping().retry().maxReceives()).isLessThan(receives("shipping-cancellations"));
    }

    /// Only then does "it is not back" mean that it did not fail again.
    @ParameterizedTest
    @MethodSource("queues")
    void aRedriveWaitsLongerForItsCanaryThanItsConsumerTakesToDeadLetterIt(
            Topology.QueueSpec queue) {
        int receives = receives(queue.name());
        var delays =
                QueueTimeoutSettings.of(queue.consumer())
                        .bindOrCreate("orderflow.delivery", DeliveryProperties.class)
                        .longestDelays(receives);
        assertThat(
                        QueueTimeoutSettings.of("operations-console")
                                .duration("orderflow.operations.dead-letters.canary-timeout"))
                .isGreaterThan(delays.plus(HANDLING_THAT_FAILS.multipliedBy(receives)));
    }

    @Test
    void subscribersAreNotifiedAfterAnOutageOfTwoHours() {
        assertThat(outlasted("notifications", notification().topicRetry().initialDelay()))
                .isGreaterThan(Duration.ofHours(2));
    }

    @Test
    void anEmailIsSentWithinTheLifetimeOfItsClaim() {
        assertThat(notification().timeouts().email()).isLessThan(notification().claimLifetime());
    }

    @ParameterizedTest
    @MethodSource("queues")
    void claimChecksAreRedeemedAfterAnOutageOfTwoHours(Topology.QueueSpec queue) {
        assertThat(
                        outlasted(
                                queue.name(),
                                Duration.parse(ClaimCheckProperties.INITIAL_RETRY_DELAY)))
                .isGreaterThan(Duration.ofHours(2));
    }

    private static Duration outlasted(String queue, Duration first) {
        var delays = OutageBackOff.of(first, Duration.parse(ClaimCheckProperties.MAX_RETRY_DELAY));
        var random = new Random(7);
        return IntStream.range(1, receives(queue))
                .mapToObj(receive -> delays.delayAfter(receive, random))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static int receives(String queue) {
        return TOPOLOGY.queues().stream()
                .filter(it -> it.name().equals(queue))
                .findFirst()
                .orElseThrow()
                .deadLetter()
                .maxReceiveCount();
    }

    private static ShippingProperties shipping() {
        return QueueTimeoutSettings.of("shipping-service")
                .bind("orderflow.shipping", ShippingProperties.class);
    }

    private static NotificationProperties notification() {
        return QueueTimeoutSettings.of("notification-service")
                .bind("orderflow.notification", NotificationProperties.class);
    }

    /// The default configuration of a service.
    private record QueueTimeoutSettings(Binder binder) {

        static QueueTimeoutSettings of(String service) {
            var environment = new StandardEnvironment();
            environment
                    .getPropertySources()
                    .addFirst(
                            new MapPropertySource(
                                    "service", Map.of("spring.config.name", service)));
            ConfigDataEnvironmentPostProcessor.applyTo(environment);
            return new QueueTimeoutSettings(Binder.get(environment));
        }

        <T> T bind(String name, Class<T> type) {
            return binder.bind(name, Bindable.of(type)).get();
        }

        <T> T bindOrCreate(String name, Class<T> type) {
            return binder.bindOrCreate(name, Bindable.of(type));
        }

        Duration duration(String name) {
            return bind(name, Duration.class);
        }
    }
}
