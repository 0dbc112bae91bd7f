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

/// Everything the system needs of AWS, as one value.
///
/// Texts may hold `${name}` placeholders that the builder of a cloud fills in: `StateMachineArn` in
/// rules and alarms; `ConnectionArn`, `InventoryUrl`, `PaymentUrl`, `EventBusName`,
/// `ApprovalLimits`,
/// `ApprovalRequestsUrl` and `ShippingRequestsUrl` in the workflow. They are CloudFormation's own
/// form.
///
/// @param bus the custom event bus
/// @param archive keeps the bus's events for replays
/// @param connection holds the key with which the workflow calls the services
/// @param services the containers, by the name that is their meters' `service`
/// @param buckets where details lie that are too large for the bus
/// @param topics SNS topics
/// @param queues one for each consumer, each with a dead-letter queue
/// @param undelivered where rules leave what they could not deliver
/// @param rules from a bus to a queue or a topic
/// @param workflow the state machine
/// @param queueAlarms stand for one alarm on every queue
/// @param ruleAlarms stand for one alarm on every rule
/// @param alarms the others
/// @param dashboards what operators look at
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
        List<RuleAlarmSpec> ruleAlarms,
        List<AlarmSpec> alarms,
        List<Dashboard> dashboards) {

    /// The bus that AWS services publish on.
    public static final String DEFAULT_BUS = "default";

    /// How long a queue keeps a message that its consumer does not take.
    ///
    /// On a standard queue a message's age counts from its first enqueue, also after it moved to
    /// the dead-letter queue (SQS developer guide, "Dead-letter queues"). So a queue that keeps
    /// messages as long as its dead-letter queue does could move one there just before it expires.
    public static final Duration QUEUE_RETENTION = Duration.ofDays(7);

    /// How long a dead-letter queue keeps a message, counted from its first enqueue: the most that
    /// SQS allows. Whoever works on dead letters has at least the difference to
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
                    "queue " + queue.name() + " has no such consumer: " + queue.consumer());
        }
        for (var rule : rules) {
            require(
                    rule.targetTopic() == null
                            ? queues.stream().anyMatch(queue -> queue.name().equals(rule.target()))
                            : topics.stream().anyMatch(topic -> topic.name().equals(rule.target())),
                    "rule " + rule.name() + " has no such target: " + rule.target());
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

    /// The topology of this project.
    public static Topology load() {
        return read(resource("topology.json"));
    }

    /// Reads a topology from JSON.
    ///
    /// @throws tools.jackson.core.JacksonException when a part is missing, unknown or refused
    public static Topology read(String json) {
        return JSON.readValue(json, Topology.class);
    }

    /// The workflow's definition in the Amazon States Language, with its placeholders.
    public String workflowDefinition() {
        return resource(workflow.definition());
    }

    /// Every alarm: those on each queue and each rule spelt out, then the others.
    public List<AlarmSpec> allAlarms() {
        var all = new ArrayList<AlarmSpec>();
        queues.forEach(queue -> queueAlarms.forEach(alarm -> all.add(alarm.alarmFor(queue))));
        rules.forEach(rule -> ruleAlarms.forEach(alarm -> all.add(alarm.alarmFor(rule))));
        all.addAll(alarms);
        return List.copyOf(all);
    }

    /// Every queue there is, dead-letter queues included.
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

    /// An S3 bucket. Names of buckets are the world's, so in an account of AWS it is called
    /// otherwise, and the services are told how.
    ///
    /// @param name where it can be chosen freely
    /// @param purpose why it is there
    /// @param expiryDays how long an object lives
    public record BucketSpec(String name, String purpose, int expiryDays) {

        public BucketSpec {
            require(
                    purpose != null
                            && !purpose.isBlank(), // read from JSON, where it may be missing
                    "bucket " + name + " has no purpose");
            require(expiryDays >= 1, "bucket " + name + " keeps objects for ever");
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
    /// @param visibilityTimeoutSeconds longer than its handler ever takes
    /// @param deadLetter where a message goes that could not be handled
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
                    "queue " + name + " must hide messages for 1 s to 12 h");
        }
    }

    /// @param queue its name
    /// @param maxReceiveCount how many receives a message has before it goes there
    public record DeadLetterSpec(String queue, int maxReceiveCount) {

        public DeadLetterSpec {
            require(maxReceiveCount >= 2, "one receive leaves no room for a restart: " + queue);
        }
    }

    /// What a consumer may do with an event it sees again in a replay.
    public enum RuleKind {
        /// Does something to the world: never sees replays.
        EFFECT,
        /// Only derives data: sees replays, which rebuild it.
        PROJECTION,
        /// Watches the system itself.
        OPERATIONS
    }

    /// From a bus to a queue, or to a topic when a person is the consumer.
    ///
    /// @param name unique on its bus
    /// @param purpose why it is there
    /// @param bus where it listens
    /// @param kind what the consumer may do with replays
    /// @param pattern an event pattern
    ///     (docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html)
    /// @param targetQueue a queue of this topology, null when the target is a topic
    /// @param targetTopic a topic of this topology, null when the target is a queue
    /// @param retry how long delivery is tried
    /// @param deadLetterQueue where the event goes when that ends
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
                                "effect rule " + name + " must exclude replays");
                case PROJECTION ->
                        require(
                                excludesReplays.isMissingNode(),
                                "projection rule " + name + " must see replays");
                case OPERATIONS -> {}
            }
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

    /// Which of a queue's two queues an alarm watches.
    public enum WatchedQueue {
        /// The queue itself.
        QUEUE,
        /// Its dead-letter queue.
        DEAD_LETTER_QUEUE
    }

    /// One alarm for each queue. Its parts are those of [AlarmSpec].
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
                    queue.name() + ": " + meaning,
                    runbook);
        }
    }

    /// One alarm for each rule. Its parts are those of [AlarmSpec].
    public record RuleAlarmSpec(
            String suffix,
            String metric,
            String statistic,
            int periodSeconds,
            double threshold,
            String comparison,
            int evaluationPeriods,
            int datapointsToAlarm,
            String treatMissingData,
            String meaning,
            String runbook) {

        /// EventBridge names the bus in a rule's metrics, unless it is the default one.
        AlarmSpec alarmFor(RuleSpec rule) {
            var dimensions =
                    rule.bus().equals(DEFAULT_BUS)
                            ? Map.of("RuleName", rule.name())
                            : Map.of("EventBusName", rule.bus(), "RuleName", rule.name());
            return new AlarmSpec(
                    rule.name() + "-" + suffix,
                    "AWS/Events",
                    metric,
                    dimensions,
                    statistic,
                    periodSeconds,
                    threshold,
                    comparison,
                    evaluationPeriods,
                    datapointsToAlarm,
                    treatMissingData,
                    rule.name() + ": " + meaning,
                    runbook);
        }
    }

    /// A CloudWatch alarm. M of N: it goes off when `datapointsToAlarm` of the last
    /// `evaluationPeriods`
    /// breach the threshold.
    ///
    /// @param name unique
    /// @param namespace of the metric
    /// @param metric its name
    /// @param plusMetric a second metric of the same namespace and dimensions whose statistic is
    ///     added before the comparison (CloudWatch's metric math); nothing when the first is
    ///     compared alone
    /// @param dimensions all of its dimensions
    /// @param statistic `Sum`, `Maximum`, …
    /// @param periodSeconds how long a datapoint is
    /// @param threshold in the metric's unit
    /// @param comparison as CloudWatch names it
    /// @param evaluationPeriods N
    /// @param datapointsToAlarm M
    /// @param treatMissingData never left to the default
    /// @param meaning what is true when it goes off
    /// @param runbook the file below `docs/runbooks` that says what to do
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
            String meaning,
            String runbook) {

        /// What is compared with the threshold where there are two [#metrics], `m1` and `m2`.
        public static final String SUM = "m1 + m2";

        public AlarmSpec {
            require(
                    runbook != null && runbook.endsWith(".md"),
                    "alarm " + name + " has no runbook");
            require(
                    datapointsToAlarm >= 1 && datapointsToAlarm <= evaluationPeriods,
                    "alarm " + name + " must ask for 1 to N datapoints");
        }

        /// An alarm on one metric alone.
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
                    meaning,
                    runbook);
        }

        /// The metrics whose statistics are added up and compared with the threshold.
        public List<String> metrics() {
            return plusMetric == null ? List.of(metric) : List.of(metric, plusMetric);
        }

        /// What the alarm says to the person it wakes, with the way to the runbook.
        public String description() {
            return meaning + ". Runbook: docs/runbooks/" + runbook;
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
        require(names.add(name), "there are two queues named " + name);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static String resource(String name) {
        try (var in = Topology.class.getResourceAsStream("/topology/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("no such part of the topology: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
