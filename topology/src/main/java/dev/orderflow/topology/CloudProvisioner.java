package dev.orderflow.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.PutCompositeAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.StateMachineType;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Creates the resources of a [Topology] through the AWS SDK, in an emulator or an empty account.
///
/// Idempotent: existing resources are updated. Production is deployed by CDK from the same
/// topology.
public final class CloudProvisioner {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z]+)}");

    private final SqsClient sqs;
    private final SnsClient sns;
    private final EventBridgeClient events;
    private final SfnClient states;
    private final CloudWatchClient cloudWatch;
    private final S3Client s3;

    public CloudProvisioner(
            SqsClient sqs,
            SnsClient sns,
            EventBridgeClient events,
            SfnClient states,
            CloudWatchClient cloudWatch,
            S3Client s3) {
        this.sqs = sqs;
        this.sns = sns;
        this.events = events;
        this.states = states;
        this.cloudWatch = cloudWatch;
        this.s3 = s3;
    }

    /// Creates all resources in the order of their dependencies.
    ///
    /// @return the identifiers of the created resources
    /// @throws software.amazon.awssdk.core.exception.SdkException if a call fails
    public ProvisionedCloud provision(Topology topology, CloudEnvironment site) {
        topology.buckets().forEach(this::createBucket);
        var queueUrls = new HashMap<String, String>();
        queueUrls.put(
                topology.undelivered().queue(),
                createQueue(
                        topology.undelivered().queue(), Topology.DEAD_LETTER_RETENTION, Map.of()));
        for (var queue : topology.queues()) {
            var deadLetterUrl =
                    createQueue(
                            queue.deadLetter().queue(), Topology.DEAD_LETTER_RETENTION, Map.of());
            queueUrls.put(queue.deadLetter().queue(), deadLetterUrl);
            queueUrls.put(queue.name(), createQueue(queue, arnOf(deadLetterUrl)));
        }
        var topicArns = new HashMap<String, String>();
        for (var topic : topology.topics()) {
            topicArns.put(
                    topic.name(), sns.createTopic(create -> create.name(topic.name())).topicArn());
        }
        var busArn = createBus(topology.bus());
        createArchive(topology, busArn);
        var connectionArn = createConnection(topology.connection(), site);
        var stateMachineArn = createWorkflow(topology, site, connectionArn, queueUrls);
        var placeholders =
                Map.of(
                        "StateMachineArn",
                        stateMachineArn,
                        "OperationsConsoleUrl",
                        site.operationsConsoleUrl().toString());
        for (var rule : topology.rules()) {
            createRule(rule, placeholders, queueUrls, topicArns);
        }
        for (var alarm : topology.allAlarms()) {
            createAlarm(
                    alarm,
                    topology.description(alarm),
                    placeholders,
                    actions(topology.paging().topicOf(alarm), topicArns));
        }
        for (var alarm : topology.paging().compositeAlarms(topology.allAlarms())) {
            createCompositeAlarm(alarm, placeholders, actions(alarm.topic(), topicArns));
        }
        var region = stateMachineArn.split(":", -1)[3];
        for (var dashboard : topology.dashboards()) {
            var body = fillPlaceholders(dashboard.body(topology, region), placeholders);
            cloudWatch.putDashboard(put -> put.dashboardName(dashboard.name()).dashboardBody(body));
        }
        return new ProvisionedCloud(
                Map.copyOf(queueUrls), Map.copyOf(topicArns), busArn, stateMachineArn);
    }

    /// Whether the resources of [#provision] still exist: an in-memory emulator is empty after a
    /// restart. Checks the existence of bus, rules, queues and workflow, not their settings.
    ///
    /// @throws software.amazon.awssdk.core.exception.SdkException if the cloud does not respond
    public boolean isProvisioned(Topology topology) {
        var queues =
                sqs.listQueuesPaginator().queueUrls().stream()
                        .map(url -> url.substring(url.lastIndexOf('/') + 1))
                        .collect(Collectors.toSet());
        if (!queues.contains(topology.undelivered().queue())) {
            return false;
        }
        for (var queue : topology.queues()) {
            if (!queues.contains(queue.name()) || !queues.contains(queue.deadLetter().queue())) {
                return false;
            }
        }
        for (var rule : topology.rules()) {
            try {
                events.describeRule(
                        describe -> describe.name(rule.name()).eventBusName(rule.bus()));
            } catch (ResourceNotFoundException _) {
                return false;
            }
        }
        return states.listStateMachinesPaginator().stateMachines().stream()
                .anyMatch(machine -> machine.name().equals(topology.workflow().name()));
    }

    /// Identifiers of the created resources.
    ///
    /// @param queueUrls by queue name
    /// @param topicArns by topic name
    /// @param busArn of the custom bus
    /// @param stateMachineArn of the workflow
    public record ProvisionedCloud(
            Map<String, String> queueUrls,
            Map<String, String> topicArns,
            String busArn,
            String stateMachineArn) {}

    private void createBucket(Topology.BucketSpec bucket) {
        s3.createBucket(create -> create.bucket(bucket.name()));
        s3.putBucketLifecycleConfiguration(
                put ->
                        put.bucket(bucket.name())
                                .lifecycleConfiguration(
                                        lifecycle ->
                                                lifecycle.rules(
                                                        rule ->
                                                                rule.id("expire")
                                                                        .filter(
                                                                                all ->
                                                                                        all.prefix(
                                                                                                ""))
                                                                        .status(
                                                                                ExpirationStatus
                                                                                        .ENABLED)
                                                                        .expiration(
                                                                                after ->
                                                                                        after.days(
                                                                                                bucket
                                                                                                        .expiryDays())))));
    }

    private String createQueue(Topology.QueueSpec queue, String deadLetterArn) {
        return createQueue(
                queue.name(),
                Topology.QUEUE_RETENTION,
                Map.of(
                        QueueAttributeName.VISIBILITY_TIMEOUT,
                        Integer.toString(queue.visibilityTimeoutSeconds()),
                        QueueAttributeName.REDRIVE_POLICY,
                        """
                        {"deadLetterTargetArn":"%s","maxReceiveCount":%d}"""
                                .formatted(deadLetterArn, queue.deadLetter().maxReceiveCount())));
    }

    private String createQueue(
            String name, Duration retention, Map<QueueAttributeName, String> attributes) {
        var all = new HashMap<>(attributes);
        all.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, Long.toString(retention.toSeconds()));
        return sqs.createQueue(create -> create.queueName(name).attributes(all)).queueUrl();
    }

    private String arnOf(String queueUrl) {
        var attributes =
                sqs.getQueueAttributes(
                                get ->
                                        get.queueUrl(queueUrl)
                                                .attributeNames(QueueAttributeName.QUEUE_ARN))
                        .attributes();
        return requireValue(attributes, QueueAttributeName.QUEUE_ARN);
    }

    private String createBus(String name) {
        try {
            return events.createEventBus(create -> create.name(name)).eventBusArn();
        } catch (ResourceAlreadyExistsException _) {
            return events.describeEventBus(describe -> describe.name(name)).arn();
        }
    }

    private void createArchive(Topology topology, String busArn) {
        var archive = topology.archive();
        try {
            events.createArchive(
                    create ->
                            create.archiveName(archive.name())
                                    .eventSourceArn(busArn)
                                    .description(archive.purpose())
                                    .retentionDays(archive.retentionDays()));
        } catch (ResourceAlreadyExistsException _) {
            events.updateArchive(
                    update ->
                            update.archiveName(archive.name())
                                    .description(archive.purpose())
                                    .retentionDays(archive.retentionDays()));
        }
    }

    private String createConnection(Topology.ConnectionSpec connection, CloudEnvironment site) {
        try {
            return events.createConnection(
                            create ->
                                    create.name(connection.name())
                                            .authorizationType(ConnectionAuthorizationType.API_KEY)
                                            .authParameters(
                                                    auth ->
                                                            auth.apiKeyAuthParameters(
                                                                    key ->
                                                                            key.apiKeyName(
                                                                                            connection
                                                                                                    .apiKeyHeader())
                                                                                    .apiKeyValue(
                                                                                            site
                                                                                                    .internalApiKey()))))
                    .connectionArn();
        } catch (ResourceAlreadyExistsException _) {
            return events.updateConnection(
                            update ->
                                    update.name(connection.name())
                                            .authorizationType(ConnectionAuthorizationType.API_KEY)
                                            .authParameters(
                                                    auth ->
                                                            auth.apiKeyAuthParameters(
                                                                    key ->
                                                                            key.apiKeyName(
                                                                                            connection
                                                                                                    .apiKeyHeader())
                                                                                    .apiKeyValue(
                                                                                            site
                                                                                                    .internalApiKey()))))
                    .connectionArn();
        }
    }

    private String createWorkflow(
            Topology topology,
            CloudEnvironment site,
            String connectionArn,
            Map<String, String> queueUrls) {
        var definition =
                fillPlaceholders(
                        topology.workflowDefinition(),
                        Map.of(
                                "ConnectionArn", connectionArn,
                                "InventoryUrl", site.inventoryUrl().toString(),
                                "PaymentUrl", site.paymentUrl().toString(),
                                "EventBusName", topology.bus(),
                                "ApprovalLimits", site.approvalLimits().toJsonata(),
                                "ApprovalRequestsUrl", requireValue(queueUrls, "approval-requests"),
                                "ShippingRequestsUrl",
                                        requireValue(queueUrls, "shipping-requests")));
        var name = topology.workflow().name();
        for (var page : states.listStateMachinesPaginator()) {
            for (var existing : page.stateMachines()) {
                if (existing.name().equals(name)) {
                    states.updateStateMachine(
                            update ->
                                    update.stateMachineArn(existing.stateMachineArn())
                                            .definition(definition));
                    return existing.stateMachineArn();
                }
            }
        }
        return states.createStateMachine(
                        create ->
                                create.name(name)
                                        .type(StateMachineType.STANDARD)
                                        .roleArn("arn:aws:iam::000000000000:role/" + name)
                                        .definition(definition))
                .stateMachineArn();
    }

    private void createRule(
            Topology.RuleSpec rule,
            Map<String, String> placeholders,
            Map<String, String> queueUrls,
            Map<String, String> topicArns) {
        events.putRule(
                put ->
                        put.name(rule.name())
                                .eventBusName(rule.bus())
                                .description(rule.purpose())
                                .eventPattern(
                                        fillPlaceholders(rule.pattern().toString(), placeholders)));
        var target =
                Target.builder()
                        .id(rule.target())
                        .arn(
                                rule.targetTopic() == null
                                        ? arnOf(requireValue(queueUrls, rule.target()))
                                        : requireValue(topicArns, rule.target()))
                        .retryPolicy(
                                retry ->
                                        retry.maximumEventAgeInSeconds(
                                                        rule.retry().maximumEventAgeSeconds())
                                                .maximumRetryAttempts(
                                                        rule.retry().maximumRetryAttempts()))
                        .deadLetterConfig(
                                dead ->
                                        dead.arn(
                                                arnOf(
                                                        requireValue(
                                                                queueUrls,
                                                                rule.deadLetterQueue()))))
                        .build();
        var failedEntries =
                events.putTargets(
                                put ->
                                        put.rule(rule.name())
                                                .eventBusName(rule.bus())
                                                .targets(target))
                        .failedEntries();
        if (!failedEntries.isEmpty()) {
            throw new IllegalStateException(
                    "rule " + rule.name() + ": " + failedEntries.getFirst().errorMessage());
        }
    }

    private static List<String> actions(@Nullable String topic, Map<String, String> topicArns) {
        return topic == null ? List.of() : List.of(requireValue(topicArns, topic));
    }

    private void createCompositeAlarm(
            PagingSpec.CompositeAlarmSpec alarm,
            Map<String, String> placeholders,
            List<String> actions) {
        var put =
                PutCompositeAlarmRequest.builder()
                        .alarmName(alarm.name())
                        .alarmDescription(fillPlaceholders(alarm.description(), placeholders))
                        .alarmRule(alarm.rule())
                        .alarmActions(actions)
                        .okActions(actions);
        if (alarm.suppressor() != null) {
            put.actionsSuppressor(alarm.suppressor())
                    .actionsSuppressorWaitPeriod(alarm.waitPeriodSeconds())
                    .actionsSuppressorExtensionPeriod(alarm.extensionPeriodSeconds());
        }
        cloudWatch.putCompositeAlarm(put.build());
    }

    private void createAlarm(
            Topology.AlarmSpec alarm,
            String description,
            Map<String, String> placeholders,
            List<String> actions) {
        List<Dimension> dimensions =
                alarm.dimensions().entrySet().stream()
                        .map(
                                dimension ->
                                        Dimension.builder()
                                                .name(dimension.getKey())
                                                .value(
                                                        fillPlaceholders(
                                                                dimension.getValue(), placeholders))
                                                .build())
                        .toList();
        var put =
                PutMetricAlarmRequest.builder()
                        .alarmName(alarm.name())
                        .alarmDescription(fillPlaceholders(description, placeholders))
                        .threshold(alarm.threshold())
                        .comparisonOperator(alarm.comparison())
                        .evaluationPeriods(alarm.evaluationPeriods())
                        .datapointsToAlarm(alarm.datapointsToAlarm())
                        .treatMissingData(alarm.treatMissingData())
                        .alarmActions(actions)
                        .okActions(actions);
        if (alarm.plusMetric() == null) {
            put.namespace(alarm.namespace())
                    .metricName(alarm.metric())
                    .dimensions(dimensions)
                    .statistic(alarm.statistic())
                    .period(alarm.periodSeconds());
        } else {
            put.metrics(sumOf(alarm, dimensions));
        }
        cloudWatch.putMetricAlarm(put.build());
    }

    /// The sum of both metrics; it has a datapoint where both have one.
    private static List<MetricDataQuery> sumOf(
            Topology.AlarmSpec alarm, List<Dimension> dimensions) {
        var queries = new ArrayList<MetricDataQuery>();
        for (var metric : alarm.metrics()) {
            queries.add(
                    MetricDataQuery.builder()
                            .id("m" + (queries.size() + 1))
                            .metricStat(
                                    stat ->
                                            stat.metric(
                                                            of ->
                                                                    of.namespace(alarm.namespace())
                                                                            .metricName(metric)
                                                                            .dimensions(dimensions))
                                                    .stat(alarm.statistic())
                                                    .period(alarm.periodSeconds()))
                            .returnData(false)
                            .build());
        }
        queries.add(
                MetricDataQuery.builder()
                        .id("sum")
                        .expression(Topology.AlarmSpec.SUM)
                        .label(String.join(" + ", alarm.metrics()))
                        .returnData(true)
                        .build());
        return List.copyOf(queries);
    }

    private static <K> String requireValue(Map<K, String> values, K name) {
        var value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("the topology contains no " + name);
        }
        return value;
    }

    /// Replaces placeholders by values.
    ///
    /// @throws IllegalArgumentException if a placeholder has no value
    static String fillPlaceholders(String text, Map<String, String> values) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(
                        placeholder -> {
                            var value = values.get(placeholder.group(1));
                            if (value == null) {
                                throw new IllegalArgumentException(
                                        "no value for placeholder " + placeholder.group());
                            }
                            return Matcher.quoteReplacement(value);
                        });
    }
}
