package dev.orderflow.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.orderflow.contracts.Line;
import dev.orderflow.contracts.OrderShipped;
import dev.orderflow.contracts.Total;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/// An alarm on a metric that nobody publishes never goes off.
class AlarmsTest {

    private final RunningSystem system = RunningSystem.hurried();
    private final Shop shop = new Shop(system);
    private final Queues queues = new Queues(system);
    private final Alarms alarms = new Alarms(system);

    @Test
    void everyMetricOfOursAndEveryQueuesThatAnAlarmNamesIsPublished() {
        var watched =
                alarms.all().stream()
                        .filter(alarm -> Set.of("Orderflow", "AWS/SQS").contains(alarm.namespace()))
                        .map(
                                alarm ->
                                        Alarms.name(
                                                alarm.namespace(),
                                                alarm.metricName(),
                                                alarm.dimensions().stream()
                                                        .collect(
                                                                Collectors.toMap(
                                                                        Dimension::name,
                                                                        Dimension::value))))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(watched).hasSizeGreaterThan(30);
        await().untilAsserted(() -> assertThat(alarms.published()).containsAll(watched));
    }

    @Test
    void everyQueuesDeadLetterGoesOffUntilItIsGone() {
        var watched =
                alarms.all().stream()
                        .map(MetricAlarm::alarmName)
                        .filter(name -> name.endsWith("-dead-letters"))
                        .toList();
        assertThat(watched).hasSize(9);
        var guarded = watched.stream().map(name -> name.replace("-dead-letters", "")).toList();
        guarded.forEach(queue -> queues.send(queue, "nonsense"));
        watched.forEach(alarms::awaitAlarm);
        guarded.forEach(queue -> queues.purge(queue + "-dlq"));
        watched.forEach(alarms::awaitOk);
    }

    @Test
    void aKeyThatComesWithAnotherPaymentGoesOff() {
        var order = shop.order(shop.stocked("20.00", 5), 1, Shop.VISA);
        shop.awaitState(order, "SHIPPED");
        var answer =
                shop.send(
                        "POST",
                        system.payments(),
                        "/internal/payments/" + order + "/authorization",
                        Map.of(
                                "X-Api-Key",
                                system.internalApiKey(),
                                "Idempotency-Key",
                                order + ":authorization"),
                        "{\"customerRef\":\"%s\",\"paymentMethodId\":\"%s\",\"amount\":%s}"
                                .formatted(
                                        shop.customer(),
                                        Shop.VISA,
                                        "{\"amount\":\"99.00\",\"currency\":\"EUR\"}"));
        assertThat(answer.statusCode()).isEqualTo(422);
        alarms.awaitAlarm("payment-key-reused");
        alarms.awaitOk("payment-key-reused");
    }

    @Test
    void aShipmentOfARejectedOrderGoesOff() {
        var sku = shop.stocked("20.00", 1);
        var rejected = shop.order(sku, 2, Shop.VISA);
        shop.awaitState(rejected, "REJECTED");
        queues.send(
                "order-progress",
                Envelopes.of(
                        new OrderShipped(
                                rejected + "/OrderShipped",
                                1,
                                Instant.now(),
                                UUID.fromString(rejected),
                                3,
                                shop.customer(),
                                List.of(new Line(sku, 2)),
                                new Total(new BigDecimal("40.00"), "EUR"),
                                null)));
        alarms.awaitAlarm("reports-out-of-turn");
        alarms.awaitOk("reports-out-of-turn");
    }
}
