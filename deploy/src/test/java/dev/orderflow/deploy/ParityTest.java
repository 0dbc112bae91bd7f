package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.deploy.SynthesizedApp.TemplateResource;
import dev.orderflow.localcloud.LocalCloud;
import dev.orderflow.topology.CloudEnvironment;
import dev.orderflow.topology.CloudProvisioner;
import dev.orderflow.topology.Topology;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares the templates with a local-cloud that the provisioner has set up, over its APIs.
class ParityTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final URI API = URI.create("https://workflow.internal.orderflow.example.com");

    private static LocalCloud cloud;
    private static SqsClient sqs;
    private static EventBridgeClient events;
    private static SfnClient states;
    private static CloudWatchClient cloudWatch;
    private static CloudProvisioner.ProvisionedCloud there;

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    @BeforeAll
    static void provision() {
        cloud = LocalCloud.builder().start();
        sqs = client(SqsClient.builder());
        events = client(EventBridgeClient.builder());
        states = client(SfnClient.builder());
        cloudWatch = client(CloudWatchClient.builder());
        try (var sns = client(SnsClient.builder());
                var s3 = client(S3Client.builder().forcePathStyle(true))) {
            there =
                    new CloudProvisioner(sqs, sns, events, states, cloudWatch, s3)
                            .provision(
                                    SynthesizedApp.TOPOLOGY,
                                    new CloudEnvironment(
                                            API,
                                            API,
                                            URI.create(OperatorPool.pagesUrl(SynthesizedApp.STAGE)),
                                            "a-key-of-no-account",
                                            SynthesizedApp.STAGE.approvalLimits()));
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(cloud.endpoint())
                .region(Region.of(SynthesizedApp.STAGE.region()))
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("local", "local")))
                .build();
    }

    @AfterAll
    static void close() {
        sqs.close();
        events.close();
        states.close();
        cloudWatch.close();
        cloud.close();
    }

    @Test
    void theStacksHaveTheQueuesOfTheTopology() {
        var local =
                there.queueUrls().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, url -> local(url.getValue())));
        assertThat(
                        byName(
                                "AWS::SQS::Queue",
                                "QueueName",
                                queue ->
                                        new QueueSettings(
                                                queue.at("VisibilityTimeout").asInt(30),
                                                nameOf(
                                                        queue.at(
                                                                "RedrivePolicy",
                                                                "deadLetterTargetArn")),
                                                queue.at("RedrivePolicy", "maxReceiveCount")
                                                        .asInt(0),
                                                queue.at("MessageRetentionPeriod").asInt())))
                .isEqualTo(local);
    }

    private record QueueSettings(int hides, String deadLetters, int receives, int keeps) {}

    private static QueueSettings local(String url) {
        var attributes =
                sqs.getQueueAttributes(
                                get -> get.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                        .attributes();
        var redrive =
                JSON.readTree(attributes.getOrDefault(QueueAttributeName.REDRIVE_POLICY, "{}"));
        return new QueueSettings(
                Integer.parseInt(
                        attributes.getOrDefault(QueueAttributeName.VISIBILITY_TIMEOUT, "30")),
                afterTheLast(':', redrive.path("deadLetterTargetArn").asString("")),
                redrive.path("maxReceiveCount").asInt(0),
                Integer.parseInt(
                        attributes.getOrDefault(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "0")));
    }

    @Test
    void theStacksHaveTheBucketsOfTheTopology() {
        assertThat(
                        byName(
                                "AWS::S3::Bucket",
                                "BucketName",
                                bucket ->
                                        bucket.at("LifecycleConfiguration", "Rules")
                                                .path(0)
                                                .path("ExpirationInDays")
                                                .intValue()))
                .containsAllEntriesOf(
                        SynthesizedApp.TOPOLOGY.buckets().stream()
                                .collect(
                                        Collectors.toMap(
                                                bucket -> bucket.name() + "-111122223333-us-east-1",
                                                Topology.BucketSpec::expiryDays)));
    }

    @Test
    void theStacksHaveTheRulesAndPatternsOfTheTopology() {
        var local = new TreeMap<String, RuleSettings>();
        for (var rule : SynthesizedApp.TOPOLOGY.rules()) {
            var described =
                    events.describeRule(
                            describe -> describe.name(rule.name()).eventBusName(rule.bus()));
            var target =
                    events.listTargetsByRule(
                                    list -> list.rule(rule.name()).eventBusName(rule.bus()))
                            .targets()
                            .getFirst();
            local.put(
                    rule.name(),
                    new RuleSettings(
                            described.eventBusName(),
                            JSON.readTree(
                                    described.eventPattern().replace("000000000000", "ACCOUNT")),
                            afterTheLast(':', target.arn()),
                            target.retryPolicy().maximumEventAgeInSeconds(),
                            target.retryPolicy().maximumRetryAttempts(),
                            afterTheLast(':', target.deadLetterConfig().arn())));
        }
        assertThat(byName("AWS::Events::Rule", "Name", this::rule)).isEqualTo(local);
    }

    private record RuleSettings(
            String bus, JsonNode pattern, String queue, int age, int attempts, String dead) {}

    private RuleSettings rule(TemplateResource rule) {
        var target = rule.at("Targets").path(0);
        var bus = rule.at("EventBusName");
        return new RuleSettings(
                bus.isString() ? bus.asString() : nameOf(bus),
                JSON.readTree(
                        rule.at("EventPattern")
                                .toString()
                                .replace(SynthesizedApp.STAGE.account(), "ACCOUNT")),
                nameOf(target.path("Arn")),
                target.path("RetryPolicy").path("MaximumEventAgeInSeconds").intValue(),
                target.path("RetryPolicy").path("MaximumRetryAttempts").intValue(),
                nameOf(target.path("DeadLetterConfig").path("Arn")));
    }

    @Test
    void theStacksHaveTheWorkflowOfTheTopology() {
        var machine = synthesis.resources("AWS::StepFunctions::StateMachine").getFirst();
        var definition = machine.at("DefinitionString").asString();
        for (var filledIn : machine.at("DefinitionSubstitutions").properties()) {
            var value = filledIn.getValue();
            definition =
                    definition.replace(
                            "${" + filledIn.getKey() + "}",
                            value.isString() ? value.asString() : "<" + filledIn.getKey() + ">");
        }
        var local =
                states.describeStateMachine(
                                describe -> describe.stateMachineArn(there.stateMachineArn()))
                        .definition()
                        .replaceAll("arn:aws:events:[^\"]*:connection/[^\"]*", "<ConnectionArn>")
                        .replace(url("approval-requests"), "<ApprovalRequestsUrl>")
                        .replace(url("shipping-requests"), "<ShippingRequestsUrl>");
        assertThat(JSON.readTree(definition)).isEqualTo(JSON.readTree(local));
        assertThat(machine.at("StateMachineName").asString())
                .isEqualTo(afterTheLast(':', there.stateMachineArn()));
    }

    private static String url(String queue) {
        return Objects.requireNonNull(there.queueUrls().get(queue));
    }

    @Test
    void theStacksHaveTheAlarmsOfTheTopologyAndThoseOfThePlatform() {
        var local =
                cloudWatch.describeAlarmsPaginator().metricAlarms().stream()
                        .collect(Collectors.toMap(MetricAlarm::alarmName, ParityTest::local));
        assertThat(local).isNotEmpty();
        assertThat(byName("AWS::CloudWatch::Alarm", "AlarmName", ParityTest::alarm))
                .containsAllEntriesOf(local);
    }

    /// The groups that both have; the stacks page for resources of AWS too, so their rules name
    /// more alarms.
    @Test
    void compositeAlarmsOfTheTopologyAreInTheStacks() {
        var local =
                cloudWatch
                        .describeAlarmsPaginator(
                                describe -> describe.alarmTypes(AlarmType.COMPOSITE_ALARM))
                        .compositeAlarms()
                        .stream()
                        .toList();
        assertThat(local).hasSizeGreaterThan(5);
        var deployed = byName("AWS::CloudWatch::CompositeAlarm", "AlarmName", Function.identity());
        for (var alarm : local) {
            var there = Objects.requireNonNull(deployed.get(alarm.alarmName()));
            assertThat(there.at("AlarmRule").asString().split(" OR "))
                    .contains(alarm.alarmRule().split(" OR "));
            assertThat(there.at("ActionsSuppressor").asString(""))
                    .isEqualTo(Objects.requireNonNullElse(alarm.actionsSuppressor(), ""));
            assertThat(there.at("AlarmActions").size()).isEqualTo(alarm.alarmActions().size());
        }
    }

    /// @param expression the metric math expression; empty for a single metric
    private record AlarmSettings(
            String description,
            List<AlarmMetric> metrics,
            String expression,
            double threshold,
            String comparison,
            int of,
            int breaching,
            String missing) {}

    private record AlarmMetric(
            String id,
            String name,
            Map<String, String> dimensions,
            String statistic,
            int period,
            boolean returned) {}

    private static AlarmSettings local(MetricAlarm alarm) {
        return new AlarmSettings(
                alarm.alarmDescription(),
                alarm.hasMetrics()
                        ? alarm.metrics().stream()
                                .filter(query -> query.metricStat() != null)
                                .map(
                                        query ->
                                                new AlarmMetric(
                                                        query.id(),
                                                        query.metricStat().metric().namespace()
                                                                + "/"
                                                                + query.metricStat()
                                                                        .metric()
                                                                        .metricName(),
                                                        local(
                                                                query.metricStat()
                                                                        .metric()
                                                                        .dimensions()),
                                                        query.metricStat().stat(),
                                                        query.metricStat().period(),
                                                        query.returnData()))
                                .toList()
                        : List.of(
                                new AlarmMetric(
                                        "",
                                        alarm.namespace() + "/" + alarm.metricName(),
                                        local(alarm.dimensions()),
                                        alarm.statisticAsString(),
                                        alarm.period(),
                                        true)),
                alarm.metrics().stream()
                        .filter(query -> query.expression() != null)
                        .map(query -> query.id() + " = " + query.expression())
                        .collect(Collectors.joining()),
                alarm.threshold(),
                alarm.comparisonOperatorAsString(),
                alarm.evaluationPeriods(),
                alarm.datapointsToAlarm(),
                alarm.treatMissingData());
    }

    private static Map<String, String> local(List<Dimension> dimensions) {
        return dimensions.stream()
                .collect(
                        Collectors.toMap(
                                Dimension::name,
                                dimension ->
                                        dimension
                                                .value()
                                                .replace(
                                                        "000000000000",
                                                        SynthesizedApp.STAGE.account())));
    }

    private static AlarmSettings alarm(TemplateResource alarm) {
        var queries = alarm.at("Metrics");
        return new AlarmSettings(
                alarm.at("AlarmDescription").asString(),
                queries.isArray()
                        ? queries.valueStream()
                                .filter(query -> query.has("MetricStat"))
                                .map(
                                        query ->
                                                metric(
                                                        query.path("Id").asString(),
                                                        query.path("MetricStat").path("Metric"),
                                                        query.path("MetricStat")
                                                                .path("Stat")
                                                                .asString(""),
                                                        query.path("MetricStat").path("Period"),
                                                        query.path("ReturnData").booleanValue()))
                                .toList()
                        : List.of(
                                new AlarmMetric(
                                        "",
                                        alarm.at("Namespace").asString()
                                                + "/"
                                                + alarm.at("MetricName").asString(),
                                        dimensions(alarm.at("Dimensions")),
                                        alarm.at("Statistic").asString(""),
                                        alarm.at("Period").intValue(),
                                        true)),
                queries.valueStream()
                        .filter(query -> query.has("Expression"))
                        .map(
                                query ->
                                        query.path("Id").asString()
                                                + " = "
                                                + query.path("Expression").asString())
                        .collect(Collectors.joining()),
                alarm.at("Threshold").doubleValue(),
                alarm.at("ComparisonOperator").asString(),
                alarm.at("EvaluationPeriods").intValue(),
                alarm.at("DatapointsToAlarm").intValue(),
                alarm.at("TreatMissingData").asString());
    }

    private static AlarmMetric metric(
            String id, JsonNode metric, String statistic, JsonNode period, boolean returned) {
        return new AlarmMetric(
                id,
                metric.path("Namespace").asString() + "/" + metric.path("MetricName").asString(),
                dimensions(metric.path("Dimensions")),
                statistic,
                period.intValue(),
                returned);
    }

    private static Map<String, String> dimensions(JsonNode dimensions) {
        return dimensions
                .valueStream()
                .collect(
                        Collectors.toMap(
                                dimension -> dimension.path("Name").asString(),
                                dimension -> dimension.path("Value").asString("")));
    }

    @Test
    void theStacksHaveTheDashboardsOfTheTopology() {
        var local = new TreeMap<String, JsonNode>();
        for (var dashboard : SynthesizedApp.TOPOLOGY.dashboards()) {
            local.put(
                    dashboard.name(),
                    JSON.readTree(
                            cloudWatch
                                    .getDashboard(get -> get.dashboardName(dashboard.name()))
                                    .dashboardBody()
                                    .replace("000000000000", SynthesizedApp.STAGE.account())));
        }
        assertThat(
                        byName(
                                "AWS::CloudWatch::Dashboard",
                                "DashboardName",
                                dashboard ->
                                        JSON.readTree(dashboard.at("DashboardBody").asString())))
                .isEqualTo(local);
    }

    private <T> Map<String, T> byName(String type, String name, Function<TemplateResource, T> as) {
        return synthesis.resources(type).stream()
                .collect(Collectors.toMap(resource -> resource.at(name).asString(), as));
    }

    /// The name of the resource that a reference within a template points to.
    private String nameOf(JsonNode reference) {
        var id =
                reference.has("Ref")
                        ? reference.path("Ref").asString()
                        : reference.path("Fn::GetAtt").path(0).asString("");
        return synthesis.resources().stream()
                .filter(resource -> resource.id().equals(id))
                .filter(resource -> resource.stack().equals("orderflow-messaging"))
                .map(
                        resource ->
                                resource.at("QueueName")
                                        .asString(
                                                resource.at("TopicName")
                                                        .asString(
                                                                resource.at("Name").asString(""))))
                .findFirst()
                .orElse("");
    }

    private static String afterTheLast(char separator, String text) {
        return text.substring(text.lastIndexOf(separator) + 1);
    }
}
