package dev.orderflow.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// All AWS resources of the system.
///
/// Texts may contain placeholders of the form `${name}`, as in CloudFormation: `StateMachineArn` in
/// rules and alarms; `OperationsConsoleUrl` in the descriptions of alarms; `ConnectionArn`,
/// `InventoryUrl`, `PaymentUrl`, `EventBusName`, `ApprovalLimits`, `ApprovalRequestsUrl` and
/// `ShippingRequestsUrl` in the workflow.
///
/// @param bus the custom event bus
/// @param archive keeps the events of the bus for replays
/// @param connection the EventBridge connection with the API key for calls of the workflow
/// @param services the services, by the name that is the tag `service` of their meters
/// @param buckets for event details that are too large for the bus
/// @param topics SNS topics
/// @param queues one for each consumer, each with a dead-letter queue
/// @param undelivered the dead-letter queue of the rules
/// @param rules from a bus to a queue or a topic
/// @param workflow the state machine
/// @param queueAlarms alarms that every queue has
/// @param ruleAlarms alarms that every rule has
/// @param serviceAlarms alarms that every service has
/// @param paging how alarms reach operators
/// @param alarms all other alarms
/// @param dashboards dashboards for operators
public record Topology(
        String bus,
        ArchiveSpec archive,
        ConnectionSpec connection,
        List<String> services,
        List<BucketSpec> buckets,
        List<TopicSpec> topics,
        List<QueueSpec> queues,
        UndeliveredQueueSpec undelivered,
        List<RuleSpec> rules,
        WorkflowSpec workflow,
        List<QueueAlarmSpec> queueAlarms,
        List<RepeatedAlarmSpec> ruleAlarms,
        List<RepeatedAlarmSpec> serviceAlarms,
        PagingSpec paging,
        List<AlarmSpec> alarms,
        List<Dashboard> dashboards) {

    /// The CloudWatch namespace of the meters of all services.
    public static final String METRICS_NAMESPACE = "Orderflow";

    /// The bus to which AWS services publish.
    public static final String DEFAULT_BUS = "default";

    /// How long a queue keeps a message that is not consumed.
    ///
    /// In a standard queue the age of a message counts from its first enqueue, also after it was
    /// moved to the dead-letter queue (SQS developer guide, "Dead-letter queues"). With equal
    /// retention, a message could be moved there just before it expires.
    public static final Duration QUEUE_RETENTION = Duration.ofDays(7);

    /// How long a dead-letter queue keeps a message, counted from its first enqueue: the maximum of
    /// SQS. Operators have at least the difference to
    /// [#QUEUE_RETENTION].
    public static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(14);

    public Topology {
        services = List.copyOf(services);
        buckets = List.copyOf(buckets);
        queues = List.copyOf(queues);
        rules = List.copyOf(rules);
        dashboards = List.copyOf(dashboards);
        var names = new HashSet<String>();
        queues.forEach(
                queue -> {
                    unique(names, queue.name());
                    unique(names, queue.deadLetter().queue());
                });
        unique(names, undelivered.queue());
        for (var bucket : buckets) {
            require(
                    bucket.expiryDays() > archive.retentionDays(),
                    "bucket "
                            + bucket.name()
                            + " must keep objects longer than the archive keeps events");
        }
        for (var queue : queues) {
            require(
                    services.contains(queue.consumer()),
                    "queue " + queue.name() + " has an unknown consumer: " + queue.consumer());
        }
        for (var topic : List.of(paging.pagesTopic(), paging.ticketsTopic())) {
            require(
                    topics.stream().anyMatch(known -> known.name().equals(topic)),
                    "paging names an unknown topic: " + topic);
        }
        for (var service : paging.outage().services()) {
            require(services.contains(service), "paging names an unknown service: " + service);
        }
        for (var rule : rules) {
            require(
                    rule.targetTopic() == null
                            ? queues.stream().anyMatch(queue -> queue.name().equals(rule.target()))
                            : topics.stream().anyMatch(topic -> topic.name().equals(rule.target())),
                    "rule " + rule.name() + " has an unknown target: " + rule.target());
            require(
                    rule.deadLetterQueue().equals(undelivered.queue()),
                    "rule "
                            + rule.name()
                            + " must leave undelivered events in "
                            + undelivered.queue());
            require(
                    rule.bus().equals(bus) || rule.bus().equals(DEFAULT_BUS),
                    "rule " + rule.name() + " is on an unknown bus: " + rule.bus());
        }
    }

    /// Loads the topology of this project.
    public static Topology load() {
        return read(resource("topology.json"));
    }

    /// Parses a topology.
    ///
    /// @throws tools.jackson.core.JacksonException if a part is missing, unknown or invalid
    public static Topology read(String json) {
        return JSON.readValue(json, Topology.class);
    }

    /// The definition of the workflow in the Amazon States Language, with placeholders.
    public String workflowDefinition() {
        return resource(workflow.definition());
    }

    /// All metric alarms: first those of each queue, each rule and each service, then the others.
    public List<AlarmSpec> allAlarms() {
        var all = new ArrayList<AlarmSpec>();
        queues.forEach(queue -> queueAlarms.forEach(alarm -> all.add(alarm.alarmFor(queue))));
        rules.forEach(
                rule ->
                        ruleAlarms.forEach(
                                alarm ->
                                        all.add(
                                                alarm.alarmFor(
                                                        rule.name(),
                                                        "AWS/Events",
                                                        rule.metricDimensions()))));
        services.forEach(
                service ->
                        serviceAlarms.forEach(
                                alarm ->
                                        all.add(
                                                alarm.alarmFor(
                                                        service,
                                                        METRICS_NAMESPACE,
                                                        Map.of("service", service)))));
        all.addAll(alarms);
        return List.copyOf(all);
    }

    /// The description of an alarm: its meaning, the page of operations-console that shows it, and
    /// its runbook. Contains the placeholder `OperationsConsoleUrl`.
    public String description(AlarmSpec alarm) {
        return paging.description(alarm.meaning(), alarm.runbook());
    }

    /// The names of all queues, including dead-letter queues.
    public Set<String> allQueueNames() {
        var names = new HashSet<String>();
        names.add(undelivered.queue());
        queues.forEach(
                queue -> Stream.of(queue.name(), queue.deadLetter().queue()).forEach(names::add));
        return Set.copyOf(names);
    }

    /// @param name unique on the bus
    /// @param retentionDays how long events are kept
    /// @param purpose why it is there
    public record ArchiveSpec(String name, int retentionDays, String purpose) {}

    /// @param name of the EventBridge connection
    /// @param apiKeyHeader the header in which it sends its key
    public record ConnectionSpec(String name, String apiKeyHeader) {}

    /// An S3 bucket. Bucket names are global, so deployments on AWS use another name and configure
    /// it for the services.
    ///
    /// @param name its name in an emulator
    /// @param purpose why it is there
    /// @param expiryDays when objects expire, in days
    public record BucketSpec(String name, String purpose, int expiryDays) {

        public BucketSpec {
            require(
                    purpose != null
                            && !purpose.isBlank(), // read from JSON, where it may be missing
                    "bucket " + name + " has no purpose");
            require(
                    expiryDays >= 1,
                    "bucket " + name + " must expire objects after at least 1 day");
        }
    }

    /// @param name of the SNS topic
    /// @param purpose why it is there
    public record TopicSpec(String name, String purpose) {}

    /// @param queue its name
    /// @param purpose why it is there
    public record UndeliveredQueueSpec(String queue, String purpose) {}

    /// A standard SQS queue of one consumer.
    ///
    /// @param name unique
    /// @param consumer the service that reads it
    /// @param purpose why it is there
    /// @param visibilityTimeoutSeconds longer than its handler takes
    /// @param deadLetter its dead-letter queue
    public record QueueSpec(
            String name,
            String consumer,
            String purpose,
            int visibilityTimeoutSeconds,
            DeadLetterSpec deadLetter) {

        public QueueSpec {
            require(
                    deadLetter != null, // read from JSON, where it may be missing
                    "queue " + name + " has no dead-letter queue");
            require(
                    visibilityTimeoutSeconds >= 1 && visibilityTimeoutSeconds <= 43_200,
                    "queue " + name + " must have a visibility time-out of 1 s to 12 h");
        }
    }

    /// @param queue its name
    /// @param maxReceiveCount how many receives move a message there
    public record DeadLetterSpec(String queue, int maxReceiveCount) {

        public DeadLetterSpec {
            require(maxReceiveCount >= 2, "maxReceiveCount of " + queue + " must be at least 2");
        }
    }

    /// Whether the consumer of a rule may receive replayed events.
    public enum RuleKind {
        /// Has effects outside of its database: never receives replays.
        EFFECT,
        /// Only derives data: receives replays, which rebuild it.
        PROJECTION,
        /// Monitors the system itself.
        OPERATIONS
    }

    /// Routes events from a bus to a queue, or to a topic for operators.
    ///
    /// @param name unique on its bus
    /// @param purpose why it is there
    /// @param bus the name of its bus
    /// @param kind whether the consumer receives replays
    /// @param pattern an event pattern
    ///     (docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html)
    /// @param targetQueue a queue of this topology, null when the target is a topic
    /// @param targetTopic a topic of this topology, null when the target is a queue
    /// @param retry how long delivery is retried
    /// @param deadLetterQueue the queue for events that could not be delivered
    public record RuleSpec(
            String name,
            String purpose,
            String bus,
            RuleKind kind,
            JsonNode pattern,
            @Nullable String targetQueue,
            @Nullable String targetTopic,
            RetrySpec retry,
            String deadLetterQueue) {

        public RuleSpec {
            require(retry != null, "rule " + name + " has no retry policy");
            require(deadLetterQueue != null, "rule " + name + " has no dead-letter queue");
            require(
                    (targetQueue == null) != (targetTopic == null),
                    "rule " + name + " must have one target, a queue or a topic");
            var excludesReplays = pattern.path("replay-name").path(0).path("exists");
            switch (kind) {
                case EFFECT ->
                        require(
                                excludesReplays.isBoolean() && !excludesReplays.booleanValue(),
                                "rule " + name + " of kind EFFECT must exclude replays");
                case PROJECTION ->
                        require(
                                excludesReplays.isMissingNode(),
                                "rule " + name + " of kind PROJECTION must include replays");
                case OPERATIONS -> {}
            }
        }

        /// The dimensions of its metrics, which have `EventBusName` unless its bus is the default
        /// bus.
        public Map<String, String> metricDimensions() {
            return bus.equals(DEFAULT_BUS)
                    ? Map.of("RuleName", name)
                    : Map.of("EventBusName", bus, "RuleName", name);
        }

        /// The name of the queue or topic.
        public String target() {
            return targetQueue == null ? Objects.requireNonNull(targetTopic) : targetQueue;
        }
    }

    /// @param maximumEventAgeSeconds 60 to 86,400
    /// @param maximumRetryAttempts 0 to 185
    public record RetrySpec(int maximumEventAgeSeconds, int maximumRetryAttempts) {}

    /// @param name of the state machine
    /// @param definition the file that holds it
    public record WorkflowSpec(String name, String definition) {}

    /// Which queue an alarm monitors.
    public enum WatchedQueue {
        /// The queue itself.
        QUEUE,
        /// Its dead-letter queue.
        DEAD_LETTER_QUEUE
    }

    /// An alarm that every queue has, with the components of [AlarmSpec].
    public record QueueAlarmSpec(
            String suffix,
            WatchedQueue on,
            String metric,
            @Nullable String plusMetric,
            String statistic,
            int periodSeconds,
            double threshold,
            String comparison,
            int evaluationPeriods,
            int datapointsToAlarm,
            String treatMissingData,
            AlarmSeverity severity,
            String meaning,
            String runbook) {

        AlarmSpec alarmFor(QueueSpec queue) {
            var watched =
                    switch (on) {
                        case QUEUE -> queue.name();
                        case DEAD_LETTER_QUEUE -> queue.deadLetter().queue();
                    };
            return new AlarmSpec(
                    queue.name() + "-" + suffix,
                    "AWS/SQS",
                    metric,
                    plusMetric,
                    Map.of("QueueName", watched),
                    statistic,
                    periodSeconds,
                    threshold,
                    comparison,
                    evaluationPeriods,
                    datapointsToAlarm,
                    treatMissingData,
                    severity,
                    queue.name() + ": " + meaning,
                    runbook);
        }
    }

    /// An alarm that every rule or every service has, with the components of [AlarmSpec].
    public record RepeatedAlarmSpec(
            String suffix,
            String metric,
            String statistic,
            int periodSeconds,
            double threshold,
            String comparison,
            int evaluationPeriods,
            int datapointsToAlarm,
            String treatMissingData,
            AlarmSeverity severity,
            String meaning,
            String runbook) {

        /// @param owner the rule or the service
        /// @param dimensions those of its metrics
        AlarmSpec alarmFor(String owner, String namespace, Map<String, String> dimensions) {
            return new AlarmSpec(
                    owner + "-" + suffix,
                    namespace,
                    metric,
                    dimensions,
                    statistic,
                    periodSeconds,
                    threshold,
                    comparison,
                    evaluationPeriods,
                    datapointsToAlarm,
                    treatMissingData,
                    severity,
                    owner + ": " + meaning,
                    runbook);
        }
    }

    /// A CloudWatch alarm. It goes into the state ALARM if `datapointsToAlarm` of the last
    /// `evaluationPeriods` breach the threshold (M of N).
    ///
    /// @param name unique
    /// @param namespace of the metric
    /// @param metric its name
    /// @param plusMetric a second metric of the same namespace and dimensions whose statistic is
    ///     added before the comparison (CloudWatch's metric math); null if the first is compared
    ///     alone
    /// @param dimensions all of its dimensions
    /// @param statistic `Sum`, `Maximum`, …
    /// @param periodSeconds the period of a datapoint in seconds
    /// @param threshold in the metric's unit
    /// @param comparison the comparison operator of CloudWatch
    /// @param evaluationPeriods N
    /// @param datapointsToAlarm M
    /// @param treatMissingData how missing data are treated
    /// @param severity how soon an operator must act
    /// @param meaning what the alarm means
    /// @param runbook the file below `docs/runbooks` with instructions
    public record AlarmSpec(
            String name,
            String namespace,
            String metric,
            @Nullable String plusMetric,
            Map<String, String> dimensions,
            String statistic,
            int periodSeconds,
            double threshold,
            String comparison,
            int evaluationPeriods,
            int datapointsToAlarm,
            String treatMissingData,
            AlarmSeverity severity,
            String meaning,
            String runbook) {

        /// The expression that is compared with the threshold if there are two [#metrics], `m1` and
        /// `m2`.
        public static final String SUM = "m1 + m2";

        public AlarmSpec {
            require(
                    runbook != null && runbook.endsWith(".md"),
                    "alarm " + name + " has no runbook");
            require(
                    datapointsToAlarm >= 1 && datapointsToAlarm <= evaluationPeriods,
                    "alarm " + name + " must have 1 to evaluationPeriods datapointsToAlarm");
        }

        /// An alarm on a single metric.
        public AlarmSpec(
                String name,
                String namespace,
                String metric,
                Map<String, String> dimensions,
                String statistic,
                int periodSeconds,
                double threshold,
                String comparison,
                int evaluationPeriods,
                int datapointsToAlarm,
                String treatMissingData,
                AlarmSeverity severity,
                String meaning,
                String runbook) {
            this(
                    name,
                    namespace,
                    metric,
                    null,
                    dimensions,
                    statistic,
                    periodSeconds,
                    threshold,
                    comparison,
                    evaluationPeriods,
                    datapointsToAlarm,
                    treatMissingData,
                    severity,
                    meaning,
                    runbook);
        }

        /// The metrics whose sum is compared with the threshold.
        public List<String> metrics() {
            return plusMetric == null ? List.of(metric) : List.of(metric, plusMetric);
        }
    }

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private static void unique(Set<String> names, String name) {
        require(names.add(name), "duplicate queue name: " + name);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static String resource(String name) {
        try (var in = Topology.class.getResourceAsStream("/topology/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("missing resource: topology/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
