package dev.orderflow.cost;

import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.LocalRun;
import dev.orderflow.localrun.ProgressTicker;
import dev.orderflow.localrun.SystemClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;

/// Measures from outside what orders use of a running system: workflow histories, the archive of
/// the event bus, SQS requests, sent e-mails.
public final class UsageMeter {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    /// Longer than the longest poll, so that the measurement contains complete polls.
    private static final Duration IDLE_TIME = Duration.ofSeconds(20);

    /// The ratio of the length of a JSON log line to the same line as text.
    private static final double JSON_PER_TEXT = 3;

    private static final Set<HistoryEventType> RETRIED =
            Set.of(
                    HistoryEventType.TASK_FAILED,
                    HistoryEventType.TASK_TIMED_OUT,
                    HistoryEventType.TASK_SUBMIT_FAILED);

    private final LocalRun system;
    private final SystemClient http;
    private final EventBridgeClient events;
    private final SfnClient states;
    private final CloudWatchClient cloudWatch;
    private final ProgressTicker progress;

    private UsageMeter(
            LocalRun system,
            EventBridgeClient events,
            SfnClient states,
            CloudWatchClient cloudWatch,
            ProgressTicker progress) {
        this.system = system;
        this.http = new SystemClient(system);
        this.events = events;
        this.states = states;
        this.cloudWatch = cloudWatch;
        this.progress = progress;
    }

    /// Ships orders, then waits without orders, and returns the usage of both. Takes half a minute
    /// plus the time of the orders; nothing else may use the system meanwhile.
    ///
    /// @param orders the number of orders, at least 1
    /// @param progress prints the progress every few seconds
    /// @throws IllegalStateException when they do not ship within three minutes
    public static Usage measure(LocalRun system, int orders, ProgressTicker progress) {
        try (var events = system.client(EventBridgeClient.builder());
                var states = system.client(SfnClient.builder());
                var cloudWatch = system.client(CloudWatchClient.builder())) {
            var count = new UsageMeter(system, events, states, cloudWatch, progress);
            return new Usage(count.perOrder(orders), count.always());
        }
    }

    /// The same without progress output.
    public static Usage measure(LocalRun system, int orders) {
        try (var silent = new ProgressTicker(_ -> {}, () -> "")) {
            return measure(system, orders, silent);
        }
    }

    private record UsageSnapshot(
            long events, long sqsRequests, double notifications, long mails, long logBytes) {}

    private Usage.OrderUsage perOrder(int orders) {
        var before = snapshot();
        var customer = "cost-" + UUID.randomUUID();
        var placed = new CopyOnWriteArrayList<String>();
        progress.setActivity(() -> "%d of %d orders are placed".formatted(placed.size(), orders));
        for (int i = 0; i < orders; i++) {
            placed.add(
                    http.placeOrder(customer, "cost-" + i, "MUG-BLUE", 1, "pm_card_visa")
                            .path("orderId")
                            .stringValue());
        }
        var shipped = new AtomicInteger();
        progress.setActivity(() -> "%d of %d orders have shipped".formatted(shipped.get(), orders));
        for (var order : placed) {
            awaitShipped(customer, order);
            shipped.incrementAndGet();
        }
        progress.print("%d of %d orders have shipped".formatted(orders, orders));
        progress.setActivity(() -> "waiting until all messages are processed");
        awaitQuiet();
        var after = snapshot();
        double n = orders;
        return new Usage.OrderUsage(
                placed.stream().mapToLong(this::transitions).sum() / n,
                (after.events - before.events) / n,
                (after.sqsRequests - before.sqsRequests) / n,
                (after.notifications - before.notifications) / n,
                (after.mails - before.mails) / n,
                JSON_PER_TEXT * (after.logBytes - before.logBytes) / n);
    }

    private Usage.BaseUsage always() {
        progress.print("measuring usage without orders for %d s".formatted(IDLE_TIME.toSeconds()));
        var until = Instant.now().plus(IDLE_TIME);
        progress.setActivity(
                () ->
                        "%d s remaining"
                                .formatted(Duration.between(Instant.now(), until).toSeconds()));
        long before = emptyReceives();
        pause(IDLE_TIME);
        double perSecond = (emptyReceives() - before) / (double) IDLE_TIME.toSeconds();
        return new Usage.BaseUsage(
                perSecond,
                metrics(),
                alarmMetrics(),
                cloudWatch.listDashboards(_ -> {}).dashboardEntries().size());
    }

    /// CloudWatch charges an alarm for each metric it watches; an expression over them is free.
    private int alarmMetrics() {
        return cloudWatch.describeAlarmsPaginator().metricAlarms().stream()
                .mapToInt(
                        alarm ->
                                alarm.hasMetrics()
                                        ? Math.toIntExact(
                                                alarm.metrics().stream()
                                                        .filter(query -> query.metricStat() != null)
                                                        .count())
                                        : 1)
                .sum();
    }

    private int metrics() {
        long published =
                cloudWatch
                        .listMetricsPaginator(list -> list.namespace("Orderflow"))
                        .metrics()
                        .stream()
                        .count();
        return Math.toIntExact(published);
    }

    private UsageSnapshot snapshot() {
        return new UsageSnapshot(
                events.describeArchive(describe -> describe.archiveName("orderflow-archive"))
                        .eventCount(),
                sqsRequests(),
                notifications(),
                http.get(Component.LOCAL_CLOUD, "/_aws/ses", Map.of()).path("messages").size(),
                logBytes());
    }

    private long sqsRequests() {
        return http.get(Component.LOCAL_CLOUD, "/_aws/sqs-requests", Map.of())
                .propertyStream()
                .filter(request -> !request.getKey().equals("EmptyReceive"))
                .mapToLong(request -> request.getValue().longValue())
                .sum();
    }

    private long emptyReceives() {
        return http.get(Component.LOCAL_CLOUD, "/_aws/sqs-requests", Map.of())
                .path("EmptyReceive")
                .longValue(0);
    }

    private double notifications() {
        return cloudWatch
                .getMetricStatistics(
                        get ->
                                get.namespace("AWS/SNS")
                                        .metricName("NumberOfMessagesPublished")
                                        .dimensions(
                                                dimension ->
                                                        dimension
                                                                .name("TopicName")
                                                                .value("order-notifications"))
                                        .startTime(Instant.now().minus(Duration.ofHours(12)))
                                        .endTime(Instant.now().plus(Duration.ofMinutes(1)))
                                        .period(3_600)
                                        .statisticsWithStrings(List.of("Sum")))
                .datapoints()
                .stream()
                .mapToDouble(point -> point.sum())
                .sum();
    }

    private static long logBytes() {
        try {
            return Files.exists(LocalRun.logFile()) ? Files.size(LocalRun.logFile()) : 0;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// The start, each state entered, and each retry
    /// (docs.aws.amazon.com/step-functions/latest/dg/concepts-standard-vs-express.html).
    private long transitions(String order) {
        var machine = states.listStateMachines().stateMachines().getFirst().stateMachineArn();
        var arn = machine.replace(":stateMachine:", ":execution:") + ":" + order;
        var history =
                states.getExecutionHistoryPaginator(get -> get.executionArn(arn)).events().stream()
                        .map(HistoryEvent::type)
                        .toList();
        long entered =
                history.stream().filter(type -> type.toString().endsWith("StateEntered")).count();
        long retried = history.stream().filter(RETRIED::contains).count();
        return 1 + entered + retried;
    }

    private void awaitShipped(String customer, String order) {
        var giveUp = Instant.now().plus(TIMEOUT);
        while (!http.order(customer, order).path("state").asString().equals("SHIPPED")) {
            if (Instant.now().isAfter(giveUp)) {
                throw new IllegalStateException("order " + order + " did not ship in time");
            }
            pause(POLL_INTERVAL);
        }
    }

    /// E-mails and stock deductions follow a moment after the order has shipped.
    private void awaitQuiet() {
        var giveUp = Instant.now().plus(TIMEOUT);
        long before = -1;
        long now = sqsRequests();
        while (now != before && Instant.now().isBefore(giveUp)) {
            pause(Duration.ofSeconds(2));
            before = now;
            now = sqsRequests();
        }
    }

    private static void pause(Duration length) {
        try {
            Thread.sleep(length);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped", interrupted);
        }
    }
}
