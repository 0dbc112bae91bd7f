package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.deploy.SynthesizedApp.TemplateResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PermissionsTest {

    /// Actions for which IAM supports no resource, so that their resource is `*`, with the reason.
    private static final Map<String, String> WITHOUT_RESOURCE =
            Map.ofEntries(
                    Map.entry("logs:CreateLogDelivery", "Step Functions delivers its logs"),
                    Map.entry("logs:DeleteLogDelivery", "Step Functions delivers its logs"),
                    Map.entry("logs:DescribeLogGroups", "Step Functions delivers its logs"),
                    Map.entry("logs:DescribeResourcePolicies", "Step Functions delivers its logs"),
                    Map.entry("logs:GetLogDelivery", "Step Functions delivers its logs"),
                    Map.entry("logs:ListLogDeliveries", "Step Functions delivers its logs"),
                    Map.entry("logs:PutResourcePolicy", "Step Functions delivers its logs"),
                    Map.entry("logs:UpdateLogDelivery", "Step Functions delivers its logs"),
                    Map.entry("ecr:GetAuthorizationToken", "ECS signs in to the registry"),
                    Map.entry("cloudwatch:PutMetricData", "services publish meters; one namespace"),
                    Map.entry("ecs:ListTasks", "operators list tasks of the cluster"),
                    Map.entry(
                            "application-autoscaling:DescribeScalingActivities",
                            "operators read scaling activities"),
                    Map.entry("cloudwatch:DescribeAlarms", "operators read alarms"),
                    Map.entry(
                            "elasticloadbalancing:DescribeTargetGroups",
                            "operators read the health of targets"),
                    Map.entry(
                            "elasticloadbalancing:DescribeTargetHealth",
                            "operators read the health of targets"),
                    Map.entry("lambda:GetAccountSettings", "operators read quotas"),
                    Map.entry("servicequotas:ListServiceQuotas", "operators read quotas"),
                    Map.entry(
                            "ses:DeleteSuppressedDestination",
                            "operators remove addresses from the suppression list"),
                    Map.entry(
                            "ses:ListSuppressedDestinations",
                            "operators read the suppression list"),
                    Map.entry("sns:ListTopics", "operators find the topic of subscribers"),
                    Map.entry(
                            "vpc-lattice:ListResourceConfigurations",
                            "operators check the connection of the workflow"));

    /// Resources whose last part is unknown in advance, such as an execution, an object or a log
    /// stream.
    private static final List<String> UNKNOWN_LAST_PART =
            List.of(
                    ":execution:" + SynthesizedApp.TOPOLOGY.workflow().name() + ":*",
                    "/events/*",
                    ":log-stream:*",
                    // The role of operators.
                    ":replay/*",
                    ":connection/" + SynthesizedApp.TOPOLOGY.connection().name() + "/*",
                    ":service/" + FoundationStack.CLUSTER + "/*",
                    ":task/" + FoundationStack.CLUSTER + "/*",
                    ":scalable-target/*",
                    ":log-group:/orderflow/*",
                    ":log-group:aws-waf-logs-orderflow:*");

    private final SynthesizedApp synthesis = SynthesizedApp.get();

    /// @param role the role of the statement
    /// @param json the statement
    private record RoleStatement(TemplateResource role, JsonNode json) {

        Stream<String> actions() {
            return SynthesizedApp.each(json.path("Action")).map(JsonNode::asString);
        }

        Stream<String> resources() {
            return SynthesizedApp.each(json.path("Resource")).map(PermissionsTest::text);
        }

        @Override
        public String toString() {
            return role + " " + json;
        }
    }

    /// Resolves the intrinsic functions of a value as far as possible.
    private static String text(JsonNode value) {
        if (value.isString()) {
            return value.asString();
        }
        var joined = value.path("Fn::Join").path(1);
        return joined.isArray()
                ? joined.valueStream().map(PermissionsTest::text).collect(Collectors.joining())
                : "<" + value + ">";
    }

    private List<RoleStatement> statements() {
        var all = new ArrayList<RoleStatement>();
        for (var resource : synthesis.resources()) {
            switch (resource.type()) {
                case "AWS::IAM::Role" ->
                        resource.at("Policies")
                                .forEach(
                                        policy ->
                                                policy.path("PolicyDocument")
                                                        .path("Statement")
                                                        .forEach(
                                                                statement ->
                                                                        all.add(
                                                                                new RoleStatement(
                                                                                        resource,
                                                                                        statement))));
                case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy" ->
                        resource.at("PolicyDocument", "Statement")
                                .forEach(
                                        statement ->
                                                all.add(new RoleStatement(resource, statement)));
                default -> {}
            }
        }
        return all;
    }

    @Test
    void noRoleHasAWildcardForAnAction() {
        assertThat(statements())
                .isNotEmpty()
                .allSatisfy(
                        statement ->
                                assertThat(statement.actions())
                                        .isNotEmpty()
                                        .noneMatch(action -> action.contains("*")));
    }

    @Test
    void aRoleHasAWildcardResourceOnlyWhereIamSupportsNoResource() {
        assertThat(statements())
                .filteredOn(statement -> statement.resources().anyMatch("*"::equals))
                .isNotEmpty()
                .allSatisfy(
                        statement ->
                                assertThat(statement.actions())
                                        .allMatch(WITHOUT_RESOURCE::containsKey));
    }

    @Test
    void aResourceHasAWildcardOnlyForAPartThatIsUnknownInAdvance() {
        assertThat(statements())
                .allSatisfy(
                        statement ->
                                assertThat(statement.resources())
                                        .filteredOn(
                                                resource ->
                                                        resource.contains("*")
                                                                && !resource.equals("*"))
                                        .allSatisfy(
                                                resource ->
                                                        assertThat(UNKNOWN_LAST_PART)
                                                                .anyMatch(resource::endsWith)));
    }

    @Test
    void everyEntryInTheListOfWildcardsIsUsed() {
        var used =
                statements().stream()
                        .filter(statement -> statement.resources().anyMatch("*"::equals))
                        .flatMap(RoleStatement::actions)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).containsAll(WITHOUT_RESOURCE.keySet());
    }

    @Test
    void noRoleHasAManagedPolicyOfAws() {
        assertThat(synthesis.resources("AWS::IAM::Role"))
                .isNotEmpty()
                .allSatisfy(
                        role -> assertThat(role.at("ManagedPolicyArns").isMissingNode()).isTrue());
    }

    @Test
    void theWorkflowMayCallExactlyWhatItsDefinitionCalls() {
        var called = new TreeSet<String>();
        for (var state : definition().path("States")) {
            if (state.path("Resource").asString().endsWith(":http:invoke")) {
                called.add(
                        state.path("Arguments")
                                .path("ApiEndpoint")
                                .asString()
                                .replaceAll("^\\{% '|' %}$", "")
                                .replace("' & $order.orderId & '", "*")
                                .replaceAll(
                                        "\\$\\{(Inventory|Payment)Url}",
                                        "https://workflow.internal.orderflow.example.com"));
            }
        }
        var allowed = workflowMay("states:InvokeHTTPEndpoint");
        assertThat(
                        allowed.json()
                                .path("Condition")
                                .path("StringLike")
                                .path("states:HTTPEndpoint")
                                .valueStream()
                                .map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(called);
        assertThat(
                        text(
                                allowed.json()
                                        .path("Condition")
                                        .path("StringEquals")
                                        .path("states:HTTPMethod")))
                .isEqualTo("POST");
    }

    @Test
    void theWorkflowMayUseExactlyTheServicesItsDefinitionUses() {
        var actions =
                statements().stream()
                        .filter(statement -> statement.role().stack().equals("orderflow-workflow"))
                        .flatMap(RoleStatement::actions)
                        .filter(action -> !action.startsWith("logs:"))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(actions)
                .isEqualTo(
                        new TreeSet<>(
                                Set.of(
                                        "events:PutEvents",
                                        "events:RetrieveConnectionCredentials",
                                        "kms:Decrypt",
                                        "kms:GenerateDataKey",
                                        "secretsmanager:DescribeSecret",
                                        "secretsmanager:GetSecretValue",
                                        "sqs:SendMessage",
                                        "states:InvokeHTTPEndpoint")));
        assertThat(workflowMay("sqs:SendMessage").resources()).hasSize(2);
        assertThat(
                        definition()
                                .path("States")
                                .valueStream()
                                .map(state -> state.path("Arguments").path("QueueUrl"))
                                .filter(JsonNode::isString)
                                .collect(Collectors.toSet()))
                .hasSize(2);
    }

    private RoleStatement workflowMay(String action) {
        return statements().stream()
                .filter(statement -> statement.role().stack().equals("orderflow-workflow"))
                .filter(statement -> statement.actions().anyMatch(action::equals))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the workflow may not " + action));
    }

    private static JsonNode definition() {
        return JsonMapper.shared().readTree(SynthesizedApp.TOPOLOGY.workflowDefinition());
    }

    /// Calls of AWS services without a source resource: EventBridge describes a key, and load
    /// balancers check whether they can write their log.
    private static final Set<String> SAYS_NO_SOURCE = Set.of("kms:DescribeKey", "s3:GetBucketAcl");

    /// A topic's statement for EventBridge: AWS supports no condition in it.
    private static boolean isForPublishingRules(RoleStatement statement) {
        return statement.json().at("/Principal/Service").asString("").equals("events.amazonaws.com")
                && statement.actions().toList().equals(List.of("sns:Publish"));
    }

    /// The path of a load balancer's log contains its account.
    private static final String LOG_OF_THE_ACCOUNT =
            "/AWSLogs/" + SynthesizedApp.STAGE.account() + "/*";

    private List<RoleStatement> statementsForServices() {
        var policies = new ArrayList<RoleStatement>();
        for (var resource : synthesis.resources()) {
            for (var document : List.of("PolicyDocument", "KeyPolicy")) {
                if (!resource.type().startsWith("AWS::IAM::")) {
                    resource.at(document, "Statement")
                            .forEach(
                                    statement ->
                                            policies.add(new RoleStatement(resource, statement)));
                }
            }
        }
        return policies.stream()
                .filter(it -> it.json().path("Effect").asString().equals("Allow"))
                .filter(it -> !it.json().at("/Principal/Service").isMissingNode())
                .toList();
    }

    @Test
    void awsServicesMayUseResourcesOnlyForKnownSources() {
        assertThat(statementsForServices())
                .hasSizeGreaterThan(10)
                .filteredOn(
                        statement ->
                                !statement.actions().allMatch(SAYS_NO_SOURCE::contains)
                                        && !isForPublishingRules(statement)
                                        && !statement
                                                .resources()
                                                .allMatch(
                                                        resource ->
                                                                resource.endsWith(
                                                                        LOG_OF_THE_ACCOUNT)))
                .allSatisfy(
                        statement ->
                                assertThat(statement.json().path("Condition").toString())
                                        .containsPattern(
                                                "aws:SourceArn|kms:EncryptionContext:[A-Za-z:-]*([aA]rn)"));
    }

    /// EventBridge names no source when it publishes to a topic. A condition on it would deny every
    /// event.
    @Test
    void rulesPublishToTopicsWithoutAConditionOnTheirSource() {
        var topics = "^arn:aws:sns:[a-z0-9-]+:\\d+:orderflow-pages$";
        assertThat(statementsForServices())
                .filteredOn(PermissionsTest::isForPublishingRules)
                .singleElement()
                .satisfies(
                        statement ->
                                assertThat(statement.json().path("Condition").isMissingNode())
                                        .isTrue());
        assertThat(statementsForServices())
                .filteredOn(it -> it.json().path("Sid").asString("").equals("RulesPublish"))
                .singleElement()
                .satisfies(
                        statement -> {
                            assertThat(statement.actions())
                                    .containsExactly("kms:Decrypt", "kms:GenerateDataKey");
                            var condition = statement.json().path("Condition");
                            assertThat(condition.propertyNames()).containsExactly("ArnEquals");
                            var keys = condition.path("ArnEquals");
                            assertThat(keys.propertyNames())
                                    .containsExactly("kms:EncryptionContext:aws:sns:topicArn");
                            assertThat(
                                            SynthesizedApp.each(
                                                    keys.path(
                                                            "kms:EncryptionContext:aws:sns:topicArn")))
                                    .singleElement()
                                    .satisfies(arn -> assertThat(arn.asString()).matches(topics));
                        });
    }
}
