package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.events.CfnArchive;
import software.amazon.awscdk.services.events.CfnEventBus;
import software.amazon.awscdk.services.events.CfnRule;
import software.amazon.awscdk.services.events.EventBus;
import software.amazon.awscdk.services.events.IEventBus;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.amazon.awscdk.services.sns.CfnSubscription;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.amazon.awscdk.services.sqs.RedriveAllowPolicy;
import software.amazon.awscdk.services.sqs.RedrivePermission;
import software.constructs.Construct;
import tools.jackson.databind.json.JsonMapper;

/// The bus, rules, queues, topics and buckets of the topology.
///
/// All of them are encrypted with one key. Policies allow AWS services to use the key, queues and
/// topics only for source ARNs of this system: EventBridge for its rules, CloudWatch for alarms of
/// the account. To topics, EventBridge may publish for any rule: AWS supports no condition there.
final class MessagingStack extends Stack {

    private static final String EVENTS = "events.amazonaws.com";

    private static final String CLAIM_CHECKS = "orderflow-claim-checks";

    private final Key key;
    private final CfnEventBus bus;
    private final IEventBus busByArn;
    private final Map<String, Bucket> buckets = new TreeMap<>();
    private final Map<String, Queue> queues = new TreeMap<>();
    private final Map<String, Topic> topics = new TreeMap<>();

    MessagingStack(Construct app, StackProps properties, Stage stage, Topology topology) {
        super(app, "orderflow-messaging", properties);
        key =
                Key.Builder.create(this, "key")
                        .alias("orderflow-messaging")
                        .description("Encrypts events, messages and workflows")
                        .enableKeyRotation(true)
                        .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
                        .build();
        allowServicesToUseKey(topology);
        createUndelivered(topology);
        topology.queues().forEach(this::createQueue);
        bus = createBus(topology);
        busByArn = EventBus.fromEventBusArn(this, "bus-by-arn", bus.getAttrArn());
        createArchive(topology.archive());
        topology.topics().forEach(this::createTopic);
        topology.rules().forEach(rule -> createRule(rule, topology));
        allowRulesToDeliver(topology);
        subscribe(topology.paging().pagesTopic(), stage.pageEmail());
        subscribe(topology.paging().ticketsTopic(), stage.ticketEmail());
        topology.buckets().forEach(this::createBucket);
        // Exported for the function even if a container reads the queue: see NetworkStack.
        exportValue(queue(AnalyticsFunction.QUEUE).getQueueArn());
        exportValue(queue(AnalyticsFunction.QUEUE).getQueueUrl());
    }

    private void createQueue(Topology.QueueSpec queue) {
        var dead =
                encrypted(queue.deadLetter().queue(), Topology.DEAD_LETTER_RETENTION)
                        .redriveAllowPolicy(
                                RedriveAllowPolicy.builder()
                                        .redrivePermission(RedrivePermission.BY_QUEUE)
                                        .sourceQueues(
                                                List.of(
                                                        Queue.fromQueueArn(
                                                                this,
                                                                queue.name() + "-source",
                                                                Arns.queue(this, queue.name()))))
                                        .build())
                        .build();
        queues.put(queue.deadLetter().queue(), dead);
        queues.put(
                queue.name(),
                encrypted(queue.name(), Topology.QUEUE_RETENTION)
                        .visibilityTimeout(Duration.seconds(queue.visibilityTimeoutSeconds()))
                        .deadLetterQueue(
                                DeadLetterQueue.builder()
                                        .queue(dead)
                                        .maxReceiveCount(queue.deadLetter().maxReceiveCount())
                                        .build())
                        .build());
    }

    /// It is the dead-letter queue of rules only; no queue may use it in a redrive policy.
    private void createUndelivered(Topology topology) {
        queues.put(
                topology.undelivered().queue(),
                encrypted(topology.undelivered().queue(), Topology.DEAD_LETTER_RETENTION)
                        .redriveAllowPolicy(
                                RedriveAllowPolicy.builder()
                                        .redrivePermission(RedrivePermission.DENY_ALL)
                                        .build())
                        .build());
    }

    private Queue.Builder encrypted(String name, java.time.Duration retention) {
        return Queue.Builder.create(this, name)
                .queueName(name)
                .retentionPeriod(Duration.days((int) retention.toDays()))
                .encryption(QueueEncryption.KMS)
                .encryptionMasterKey(key)
                .enforceSsl(true);
    }

    /// A customer-managed key prevents schema discovery, which is not used: the schemas are in
    /// `contracts`. Events that the bus cannot decrypt go to the queue of undelivered events.
    private CfnEventBus createBus(Topology topology) {
        return CfnEventBus.Builder.create(this, "bus")
                .name(topology.bus())
                .kmsKeyIdentifier(key.getKeyArn())
                .deadLetterConfig(
                        CfnEventBus.DeadLetterConfigProperty.builder()
                                .arn(queue(topology.undelivered().queue()).getQueueArn())
                                .build())
                .build();
    }

    private void createArchive(Topology.ArchiveSpec archive) {
        CfnArchive.Builder.create(this, "archive")
                .archiveName(archive.name())
                .description(archive.purpose())
                .retentionDays(archive.retentionDays())
                .sourceArn(bus.getAttrArn())
                .kmsKeyIdentifier(key.getKeyArn())
                .build();
    }

    private void createRule(Topology.RuleSpec rule, Topology topology) {
        CfnRule.Builder.create(this, rule.name())
                .name(rule.name())
                .description(rule.purpose())
                .eventBusName(
                        rule.bus().equals(Topology.DEFAULT_BUS)
                                ? Topology.DEFAULT_BUS
                                : bus.getRef())
                .eventPattern(pattern(rule, topology))
                .targets(
                        List.of(
                                CfnRule.TargetProperty.builder()
                                        .id(rule.target())
                                        .arn(targetOf(rule))
                                        .retryPolicy(
                                                CfnRule.RetryPolicyProperty.builder()
                                                        .maximumEventAgeInSeconds(
                                                                rule.retry()
                                                                        .maximumEventAgeSeconds())
                                                        .maximumRetryAttempts(
                                                                rule.retry().maximumRetryAttempts())
                                                        .build())
                                        .deadLetterConfig(
                                                CfnRule.DeadLetterConfigProperty.builder()
                                                        .arn(
                                                                queue(rule.deadLetterQueue())
                                                                        .getQueueArn())
                                                        .build())
                                        .build()))
                .build();
    }

    private String targetOf(Topology.RuleSpec rule) {
        return rule.targetTopic() == null
                ? queue(rule.target()).getQueueArn()
                : topic(rule.target()).getTopicArn();
    }

    private Object pattern(Topology.RuleSpec rule, Topology topology) {
        var text =
                rule.pattern()
                        .toString()
                        .replace("${StateMachineArn}", Arns.workflow(this, topology));
        return JsonMapper.shared().readValue(text, Map.class);
    }

    /// Allows each rule to send to its target, and all rules to send to the queue of undelivered
    /// events.
    private void allowRulesToDeliver(Topology topology) {
        for (var queue : topology.queues()) {
            var rules =
                    topology.rules().stream()
                            .filter(rule -> rule.target().equals(queue.name()))
                            .map(rule -> Arns.rule(this, rule))
                            .toList();
            if (!rules.isEmpty()) {
                allowSend(queue(queue.name()), rules);
            }
        }
        allowSend(queue(topology.undelivered().queue()), rulesAndBus(topology));
        for (var topic : topology.topics()) {
            if (isTargetOfRule(topic, topology)) {
                allowPublish(topic(topic.name()));
            }
        }
    }

    private static boolean isTargetOfRule(Topology.TopicSpec topic, Topology topology) {
        return topology.rules().stream().anyMatch(rule -> topic.name().equals(rule.targetTopic()));
    }

    private void allowSend(Queue queue, List<String> sources) {
        queue.addToResourcePolicy(
                PolicyStatement.Builder.create()
                        .sid("RulesDeliver")
                        .effect(Effect.ALLOW)
                        .principals(List.of(new ServicePrincipal(EVENTS)))
                        .actions(List.of("sqs:SendMessage"))
                        .resources(List.of(queue.getQueueArn()))
                        .conditions(
                                Map.of(
                                        "ArnEquals", Map.of("aws:SourceArn", sources),
                                        "StringEquals", Map.of("aws:SourceAccount", getAccount())))
                        .build());
    }

    /// Without a condition: EventBridge names no source when it publishes to a topic, so that a
    /// condition would deny it (EventBridge User Guide, "Using resource-based policies").
    private void allowPublish(Topic topic) {
        topic.addToResourcePolicy(
                PolicyStatement.Builder.create()
                        .sid("RulesDeliver")
                        .effect(Effect.ALLOW)
                        .principals(List.of(new ServicePrincipal(EVENTS)))
                        .actions(List.of("sns:Publish"))
                        .resources(List.of(topic.getTopicArn()))
                        .build());
    }

    private List<String> rulesAndBus(Topology topology) {
        var sources = new ArrayList<String>();
        topology.rules().forEach(rule -> sources.add(Arns.rule(this, rule)));
        sources.add(Arns.bus(this, topology));
        return sources;
    }

    private void allowServicesToUseKey(Topology topology) {
        allowKey(
                "EventBridgeDescribesKey",
                EVENTS,
                List.of("kms:DescribeKey"),
                Map.of("StringEquals", Map.of("aws:SourceAccount", getAccount())));
        // Calls of an archive have no aws:SourceArn, but always the encryption context of the bus.
        allowKey(
                "BusAndArchive",
                EVENTS,
                List.of(
                        "kms:Decrypt",
                        "kms:GenerateDataKey",
                        "kms:ReEncryptFrom",
                        "kms:ReEncryptTo"),
                Map.of(
                        "ArnEquals",
                        Map.of(
                                "kms:EncryptionContext:aws:events:event-bus:arn",
                                Arns.bus(this, topology))));
        allowKey(
                "RulesDeliver",
                EVENTS,
                List.of("kms:Decrypt", "kms:GenerateDataKey"),
                Map.of(
                        "ArnEquals", Map.of("aws:SourceArn", rulesAndBus(topology)),
                        "StringEquals", Map.of("aws:SourceAccount", getAccount())));
        // SNS supports no aws:SourceArn and no aws:SourceAccount for EventBridge (SNS Developer
        // Guide, "Managing Amazon SNS encryption keys and costs").
        allowKey(
                "RulesPublish",
                EVENTS,
                List.of("kms:Decrypt", "kms:GenerateDataKey"),
                Map.of(
                        "ArnEquals",
                        Map.of(
                                "kms:EncryptionContext:aws:sns:topicArn",
                                topology.topics().stream()
                                        .filter(topic -> isTargetOfRule(topic, topology))
                                        .map(topic -> Arns.topic(this, topic.name()))
                                        .toList())));
        allowKey(
                "AlarmsPublish",
                "cloudwatch.amazonaws.com",
                List.of("kms:Decrypt", "kms:GenerateDataKey"),
                Map.of(
                        "ArnLike", Map.of("aws:SourceArn", Arns.anyAlarm(this)),
                        "StringEquals", Map.of("aws:SourceAccount", getAccount())));
        allowKey(
                "WorkflowDeliversLogs",
                "delivery.logs.amazonaws.com",
                List.of("kms:Decrypt"),
                Map.of(
                        "StringEquals",
                        Map.of("kms:EncryptionContext:SourceArn", Arns.anyLog(this))));
    }

    private void allowKey(
            String sid, String service, List<String> actions, Map<String, Object> conditions) {
        key.addToResourcePolicy(
                PolicyStatement.Builder.create()
                        .sid(sid)
                        .effect(Effect.ALLOW)
                        .principals(List.of(new ServicePrincipal(service)))
                        .actions(actions)
                        .resources(List.of("*"))
                        .conditions(conditions)
                        .build());
    }

    private void createTopic(Topology.TopicSpec topic) {
        topics.put(
                topic.name(),
                Topic.Builder.create(this, topic.name())
                        .topicName(topic.name())
                        .displayName(topic.name())
                        .masterKey(key)
                        .enforceSsl(true)
                        .build());
    }

    /// Lets alarms publish to a topic, and sends its messages by e-mail.
    private void subscribe(String name, String email) {
        var topic = topic(name);
        topic.addToResourcePolicy(
                PolicyStatement.Builder.create()
                        .sid("AlarmsPublish")
                        .effect(Effect.ALLOW)
                        .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
                        .actions(List.of("sns:Publish"))
                        .resources(List.of(topic.getTopicArn()))
                        .conditions(
                                Map.of(
                                        "ArnLike", Map.of("aws:SourceArn", Arns.anyAlarm(this)),
                                        "StringEquals", Map.of("aws:SourceAccount", getAccount())))
                        .build());
        CfnSubscription.Builder.create(this, name + "-email")
                .topicArn(topic.getTopicArn())
                .protocol("email")
                .endpoint(email)
                .build();
    }

    /// Without versioning: an object is only overwritten with the same bytes. The name contains
    /// account and region, because bucket names are global.
    private void createBucket(Topology.BucketSpec bucket) {
        buckets.put(
                bucket.name(),
                Bucket.Builder.create(this, bucket.name())
                        .bucketName("%s-%s-%s".formatted(bucket.name(), getAccount(), getRegion()))
                        .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                        .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                        .encryption(BucketEncryption.KMS)
                        .encryptionKey(key)
                        .bucketKeyEnabled(true)
                        .enforceSsl(true)
                        .minimumTlsVersion(1.2)
                        .lifecycleRules(
                                List.of(
                                        LifecycleRule.builder()
                                                .id("expire")
                                                .expiration(Duration.days(bucket.expiryDays()))
                                                .abortIncompleteMultipartUploadAfter(
                                                        Duration.days(1))
                                                .build()))
                        .removalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
                        .build());
    }

    private static <T> T requireResource(Map<String, T> made, String name, String kind) {
        var found = made.get(name);
        if (found == null) {
            throw new IllegalArgumentException("the topology has no " + kind + " " + name);
        }
        return found;
    }

    /// Encrypts events, messages and the state of workflows.
    IKey key() {
        return key;
    }

    IEventBus bus() {
        return busByArn;
    }

    /// A queue of the topology, dead-letter queues included.
    Queue queue(String name) {
        return requireResource(queues, name, "queue");
    }

    Topic topic(String name) {
        return requireResource(topics, name, "topic");
    }

    /// The bucket for events that are too large for the bus.
    IBucket claimChecks() {
        return requireResource(buckets, CLAIM_CHECKS, "bucket");
    }
}
