package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.json.JsonMapper;

/// The carrier is away for half an hour, and for two. Two minutes of the cloud are a second
/// here, and shipping's own timers, which run on the wall clock, are set accordingly.
class ShippingOutageTest {

    private static final int FACTOR = 120;
    private static final int ORDERS = 8;

    private static RunningSystem system;
    private static Shop shop;
    private static SqsClient sqs;
    private static SfnClient states;

    @BeforeAll
    static void start() {
        system =
                RunningSystem.faster(
                        FACTOR,
                        List.of(
                                "--orderflow.shipping.gate.probe-after=125ms",
                                "--orderflow.shipping.upkeep.tick=50ms",
                                "--orderflow.shipping.upkeep.heartbeat-every=1500ms",
                                "--orderflow.shipping.upkeep.resume-after=1s",
                                "--orderflow.shipping.upkeep.resume-at-latest=8s"));
        sqs = system.client(SqsClient.builder());
        states = system.client(SfnClient.builder());
        shop = new Shop(system);
        // A handler's time does not shrink with the cloud's, so it gets as long as it had.
        for (var url : sqs.listQueues().queueUrls()) {
            sqs.setQueueAttributes(
                    set ->
                            set.queueUrl(url)
                                    .attributes(
                                            Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "7200")));
        }
        shop.awaitState(shop.order(shop.stocked("1.00", 1), 1, Shop.VISA), "SHIPPED");
    }

    @AfterAll
    static void stop() {
        Stream.<AutoCloseable>of(sqs, states, system)
                .forEach(
                        part -> {
                            try {
                                part.close();
                            } catch (Exception stubborn) {
                                throw new IllegalStateException(stubborn);
                            }
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 120})
    void everyOrderWaitsOutTheOutageAndShipsOnce(int minutes) {
        var sku = shop.stocked("20.00", ORDERS);
        carrier(false);
        var since = Instant.now();
        var orders = Stream.generate(() -> shop.order(sku, 1, Shop.VISA)).limit(ORDERS).toList();
        orders.forEach(order -> shop.awaitState(order, "DISPATCHING"));

        await().until(() -> gauge("shipping.gate.open") == 1);
        await().until(() -> gauge("shipments.waiting") == ORDERS);
        await("the outage to have lasted for %d minutes".formatted(minutes))
                .atMost(Duration.ofSeconds(minutes + 30L))
                .until(
                        () ->
                                Duration.between(since, Instant.now())
                                                .multipliedBy(FACTOR)
                                                .toMinutes()
                                        >= minutes);

        assertThat(deadLetters()).as("receives are not used up").isZero();
        assertThat(gauge("shipments.waiting")).isEqualTo(ORDERS);
        assertThat(orders)
                .allSatisfy(
                        order -> {
                            assertThat(status(order)).isEqualTo(ExecutionStatus.RUNNING);
                            assertThat(heartbeatsMissed(order)).isZero();
                            assertThat(shop.bookings(order)).isZero();
                        });

        carrier(true);

        orders.forEach(order -> shop.awaitState(order, "SHIPPED"));
        await().until(() -> gauge("shipping.gate.open") == 0);
        await().until(() -> gauge("shipments.waiting") == 0);
        assertThat(orders)
                .allSatisfy(
                        order -> {
                            assertThat(shop.bookings(order)).isEqualTo(1);
                            var ledger = shop.gatewayLedger(order);
                            assertThat(ledger.path("charges").intValue()).isEqualTo(1);
                            assertThat(Shop.sameAmount(ledger.path("net"), "20.00")).isTrue();
                        });
        await().until(() -> shop.stock(sku).path("onHand").intValue() == 0);
        assertThat(deadLetters()).isZero();
    }

    private static void carrier(boolean on) {
        var answer =
                shop.send(
                        "PUT",
                        system.carrier(),
                        "/sandbox/switch",
                        Map.of(),
                        JsonMapper.shared().createObjectNode().put("on", on).toString());
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    private static double gauge(String name) {
        return shop.internal("GET", system.shipping(), "/actuator/metrics/" + name, null)
                .path("measurements")
                .path(0)
                .path("value")
                .doubleValue();
    }

    private static String execution(String order) {
        var machine = states.listStateMachines().stateMachines().getFirst().stateMachineArn();
        return machine.replace(":stateMachine:", ":execution:") + ":" + order;
    }

    private static ExecutionStatus status(String order) {
        return states.describeExecution(get -> get.executionArn(execution(order))).status();
    }

    private static long heartbeatsMissed(String order) {
        return states
                .getExecutionHistoryPaginator(get -> get.executionArn(execution(order)))
                .events()
                .stream()
                .filter(event -> event.type() == HistoryEventType.TASK_TIMED_OUT)
                .filter(
                        event ->
                                event.taskTimedOutEventDetails()
                                        .resource()
                                        .startsWith("sendMessage"))
                .count();
    }

    private static int deadLetters() {
        return sqs.listQueues().queueUrls().stream()
                .filter(url -> url.endsWith("-dlq"))
                .mapToInt(
                        url ->
                                Integer.parseInt(
                                        sqs.getQueueAttributes(
                                                        get ->
                                                                get.queueUrl(url)
                                                                        .attributeNames(
                                                                                QueueAttributeName
                                                                                        .APPROXIMATE_NUMBER_OF_MESSAGES))
                                                .attributes()
                                                .get(
                                                        QueueAttributeName
                                                                .APPROXIMATE_NUMBER_OF_MESSAGES)))
                .sum();
    }
}
