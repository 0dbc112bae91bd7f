package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The function as consumer of the analytics queue; [ServicesTest] checks the container.
class AnalyticsFunctionTest {

    private static JsonNode services = JsonMapper.shared().createObjectNode();
    private static List<SynthesizedApp.NagFinding> findings = List.of();
    private static final Set<String> exports = new TreeSet<>();

    @BeforeAll
    static void aStageThatChoseTheFunction(@TempDir Path folder) throws IOException {
        var stage = folder.resolve("lambda.json");
        Files.writeString(
                stage,
                Files.readString(Path.of("stages", "example.json"))
                        .replace("\"CONTAINER\"", "\"LAMBDA\""));
        var code = Files.writeString(folder.resolve("function.zip"), "the packed function");
        var certificates = Files.createDirectory(folder.resolve("certificates"));
        Files.writeString(certificates.resolve(AnalyticsFunction.AUTHORITIES), "authorities");
        var app = new App();
        DeployApp.build(
                app,
                Stage.read(stage),
                SynthesizedApp.TOPOLOGY,
                new AnalyticsFunction.FunctionAssets(code, certificates));
        var stack = (Stack) app.getNode().findChild("orderflow-services");
        services = JsonMapper.shared().valueToTree(Template.fromStack(stack).toJSON());
        for (var child : app.getNode().getChildren()) {
            if (child instanceof Stack one) {
                exports.addAll(
                        exportsOf(
                                JsonMapper.shared().valueToTree(Template.fromStack(one).toJSON())));
            }
        }
        findings = SynthesizedApp.findingsIn(Path.of(app.getOutdir()));
    }

    @Test
    void everyFindingOfCdkNagHasAReason() {
        assertThat(findings)
                .hasSizeGreaterThan(100)
                .noneMatch(finding -> finding.compliance().equals("Non-Compliant"))
                .anyMatch(
                        finding -> finding.reason().equals(Suppressions.OF_THE_FUNCTION.reason()));
    }

    /// A stack with exports is deployed before the stacks that import them. If an export existed
    /// for one choice only, changing the choice would fail: the export is in use until the
    /// importing stack is deployed, which happens second.
    @Test
    void theChoiceChangesNoExportThatAnotherStackMayStillUse() {
        assertThat(exports).hasSizeGreaterThan(50);
        var ofTheContainer = new TreeSet<String>();
        SynthesizedApp.get()
                .templates()
                .values()
                .forEach(it -> ofTheContainer.addAll(exportsOf(it)));
        assertThat(exports).isEqualTo(ofTheContainer);
    }

    private static Set<String> exportsOf(JsonNode template) {
        return template.path("Outputs")
                .valueStream()
                .map(output -> output.path("Export").path("Name").asString(""))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    @Test
    void theFunctionReadsTheQueueAndReportsFailuresPerMessage() {
        var mapping = only("AWS::Lambda::EventSourceMapping");
        assertThat(mapping.path("FunctionResponseTypes"))
                .hasSize(1)
                .allSatisfy(it -> assertThat(it.asString()).isEqualTo("ReportBatchItemFailures"));
        assertThat(mapping.path("BatchSize").asInt()).isEqualTo(10);
        assertThat(mapping.path("MaximumBatchingWindowInSeconds").asInt()).isBetween(1, 5);
        assertThat(mapping.path("ScalingConfig").path("MaximumConcurrency").asInt())
                .isBetween(2, 10);
    }

    @Test
    void theVisibilityTimeoutIsSixTimesTheFunctionTimeout() {
        var queue =
                SynthesizedApp.TOPOLOGY.queues().stream()
                        .filter(it -> it.name().equals("analytics"))
                        .findFirst()
                        .orElseThrow();
        assertThat(6 * only("AWS::Lambda::Function").path("Timeout").asInt())
                .isLessThanOrEqualTo(queue.visibilityTimeoutSeconds());
    }

    @Test
    void theFunctionRunsInIsolatedSubnetsOnArm() {
        var function = only("AWS::Lambda::Function");
        assertThat(function.path("Architectures").path(0).asString()).isEqualTo("arm64");
        assertThat(function.path("Runtime").asString()).isEqualTo("java25");
        assertThat(function.path("VpcConfig").path("SubnetIds").toString())
                .contains("isolatedSubnet")
                .doesNotContain("egress", "public");
        assertThat(
                        function.path("Environment")
                                .path("Variables")
                                .path("ORDERFLOW_DATABASE_URL")
                                .toString())
                .contains("sslmode=verify-full&sslrootcert=/opt/rds-global-bundle.pem");
        assertThat(function.path("Layers")).hasSize(1);
        assertThat(function.path("LoggingConfig").path("LogGroup").isObject()).isTrue();
    }

    @Test
    void theFunctionHasExactlyThePermissionsThatItNeeds() {
        var id = only("AWS::Lambda::Function").path("Role").path("Fn::GetAtt").path(0).asString();
        var allowed =
                services.path("Resources")
                        .path(id)
                        .path("Properties")
                        .path("Policies")
                        .valueStream()
                        .flatMap(
                                policy ->
                                        policy.path("PolicyDocument")
                                                .path("Statement")
                                                .valueStream())
                        .filter(statement -> statement.path("Effect").asString().equals("Allow"))
                        .flatMap(statement -> SynthesizedApp.each(statement.path("Action")))
                        .map(JsonNode::asString)
                        .collect(Collectors.toSet());
        assertThat(allowed)
                .containsExactlyInAnyOrder(
                        "rds-db:connect",
                        "sqs:ChangeMessageVisibility",
                        "sqs:DeleteMessage",
                        "sqs:GetQueueAttributes",
                        "sqs:GetQueueUrl",
                        "sqs:ReceiveMessage",
                        "sqs:SendMessage",
                        "kms:Decrypt",
                        "kms:GenerateDataKey",
                        "s3:GetObject",
                        "s3:ListBucket",
                        "logs:CreateLogStream",
                        "logs:PutLogEvents",
                        "ec2:AssignPrivateIpAddresses",
                        "ec2:CreateNetworkInterface",
                        "ec2:DeleteNetworkInterface",
                        "ec2:DescribeNetworkInterfaces",
                        "ec2:DescribeSubnets",
                        "ec2:UnassignPrivateIpAddresses");
    }

    @Test
    void theContainerDoesNotPollTheQueueAndStillServesItsApi() {
        var container =
                resources("AWS::ECS::TaskDefinition")
                        .filter(
                                it ->
                                        it.path("Family")
                                                .asString()
                                                .equals("orderflow-analytics-service"))
                        .map(it -> it.path("ContainerDefinitions").path(0))
                        .findFirst()
                        .orElseThrow();
        assertThat(
                        container
                                .path("Environment")
                                .valueStream()
                                .collect(
                                        Collectors.toMap(
                                                it -> it.path("Name").asString(),
                                                it -> it.path("Value").toString())))
                .contains(Map.entry("SPRING_CLOUD_AWS_SQS_LISTENER_AUTOSTARTUP", "\"false\""))
                .doesNotContainKey("ORDERFLOW_CLAIMCHECKS_BUCKET");
        assertThat(resources("AWS::ApplicationAutoScaling::ScalingPolicy"))
                .noneMatch(
                        it -> it.path("PolicyName").asString().equals("analytics-service-backlog"));
        assertThat(resources("AWS::ElasticLoadBalancingV2::TargetGroup"))
                .anyMatch(
                        it -> it.path("Port").asInt() == DeployedService.ANALYTICS.internalPort());
    }

    private static JsonNode only(String type) {
        assertThat(resources(type)).hasSize(1);
        return resources(type).findFirst().orElseThrow();
    }

    private static Stream<JsonNode> resources(String type) {
        return services.path("Resources")
                .valueStream()
                .filter(it -> it.path("Type").asString().equals(type))
                .map(it -> it.path("Properties"));
    }
}
