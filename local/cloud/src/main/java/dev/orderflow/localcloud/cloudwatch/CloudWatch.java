package dev.orderflow.localcloud.cloudwatch;

import dev.orderflow.localcloud.ports.EventBusPort;
import dev.orderflow.localcloud.ports.MetricPort;
import dev.orderflow.localcloud.ports.TopicPort;
import dev.orderflow.localcloud.sqs.Sqs;
import dev.orderflow.localcloud.time.CloudClock;
import dev.orderflow.localcloud.wire.AwsErrorException;
import dev.orderflow.localcloud.wire.AwsRequest;
import dev.orderflow.localcloud.wire.AwsService;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// [CloudWatch](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/Welcome.html)
/// metrics, metric math, metric and composite alarms, and dashboards. Anomaly detection, Metrics
/// Insights and actions other than SNS topics are refused by name.
///
/// SQS metrics are sampled every minute of cloud time.
public final class CloudWatch implements AwsService, MetricPort, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CloudWatch.class);
    private static final Duration SAMPLING = Duration.ofMinutes(1);
    private static final Duration EVALUATION = Duration.ofSeconds(10);

    private final CloudClock clock;
    private final Sqs queues;
    private final MetricStore metrics = new MetricStore();
    private final MetricApi metricApi;
    private final AlarmService alarms;
    private final DashboardService dashboards = new DashboardService();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("cloudwatch").factory());

    public CloudWatch(
            CloudClock clock,
            Sqs queues,
            Supplier<TopicPort> topics,
            Supplier<EventBusPort> buses) {
        this.clock = clock;
        this.queues = queues;
        this.metricApi = new MetricApi(clock, metrics);
        this.alarms = new AlarmService(clock, metrics, topics, buses);
        scheduleEvery(SAMPLING, this::sampleQueues);
        scheduleEvery(EVALUATION, alarms::evaluate);
    }

    private void scheduleEvery(Duration cloudTime, Runnable work) {
        long nanos = clock.toWallTime(cloudTime).toNanos();
        timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException failed) {
                        log.warn("CloudWatch: a scheduled task failed and will run again", failed);
                    }
                },
                nanos,
                nanos,
                TimeUnit.NANOSECONDS);
    }

    @Override
    public String signingName() {
        return "monitoring";
    }

    @Override
    public void record(
            String namespace, String name, Map<String, String> dimensions, double value) {
        metrics.add(
                new MetricId(namespace, name, dimensions),
                clock.instant(),
                statistics -> statistics.add(value, 1));
    }

    @Override
    public ObjectNode handle(AwsRequest request) {
        CloudWatchRequestShapes.require(request);
        var input = request.input();
        return switch (request.operation()) {
            case "PutMetricData" -> metricApi.put(input);
            case "GetMetricStatistics" -> metricApi.statistics(input);
            case "GetMetricData" -> metricApi.data(input);
            case "ListMetrics" -> metricApi.list(input);
            case "PutMetricAlarm" -> alarms.put(input, request.context().region());
            case "PutCompositeAlarm" -> alarms.putComposite(input, request.context().region());
            case "DescribeAlarms" -> alarms.describe(input);
            case "DescribeAlarmsForMetric" -> alarms.describeForMetric(input);
            case "DescribeAlarmHistory" -> alarms.describeHistory(input);
            case "DeleteAlarms" -> alarms.delete(input);
            case "SetAlarmState" -> alarms.setState(input);
            case "EnableAlarmActions" -> alarms.enableActions(input, true);
            case "DisableAlarmActions" -> alarms.enableActions(input, false);
            case "TagResource" -> alarms.tag(input);
            case "UntagResource" -> alarms.untag(input);
            case "ListTagsForResource" -> alarms.listTags(input);
            case "PutDashboard" -> dashboards.put(input);
            case "GetDashboard" -> dashboards.get(input);
            case "ListDashboards" -> dashboards.list(input);
            case "DeleteDashboards" -> dashboards.delete(input);
            default -> throw AwsErrorException.unknownOperation(request.operation());
        };
    }

    private void sampleQueues() {
        queues.sample(
                queue -> {
                    var name = Map.of("QueueName", queue.name());
                    Map.of(
                                    "ApproximateNumberOfMessagesVisible", queue.visible(),
                                    "ApproximateNumberOfMessagesNotVisible", queue.inFlight(),
                                    "ApproximateNumberOfMessagesDelayed", queue.delayed(),
                                    "ApproximateAgeOfOldestMessage", queue.ageSeconds(),
                                    "NumberOfMessagesSent", queue.sent(),
                                    "NumberOfMessagesReceived", queue.received(),
                                    "NumberOfMessagesDeleted", queue.deleted(),
                                    "NumberOfEmptyReceives", queue.emptyReceives())
                            .forEach(
                                    (metric, value) ->
                                            record("AWS/SQS", metric, name, value.doubleValue()));
                });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
