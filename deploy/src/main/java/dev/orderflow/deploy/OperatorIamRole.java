package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;

/// The role of operators on call: it allows exactly the actions and resources of the `aws` commands
/// in the runbooks. `OperatorIamRoleTest` compares both.
///
/// IAM or IAM Identity Center decides who may assume it.
final class OperatorIamRole {

    static final String NAME = "orderflow-operator";

    /// The construct id.
    static final String ID = "operator-role";

    private final Stack stack;
    private final Stage stage;
    private final Topology topology;

    private OperatorIamRole(Stack stack, Stage stage, Topology topology) {
        this.stack = stack;
        this.stage = stage;
        this.topology = topology;
    }

    static void create(
            Stack stack,
            Stage stage,
            Topology topology,
            FoundationStack foundation,
            MessagingStack messaging) {
        var role = new OperatorIamRole(stack, stage, topology);
        Role.Builder.create(stack, ID)
                .roleName(NAME)
                .description("The aws commands of the runbooks")
                .assumedBy(new AccountRootPrincipal())
                .inlinePolicies(
                        Map.of(
                                "runbooks",
                                PolicyDocument.Builder.create()
                                        .statements(
                                                Stream.of(
                                                                role.ofEvents(messaging),
                                                                role.ofWorkflows(messaging),
                                                                role.ofKeys(foundation),
                                                                role.ofContainers(),
                                                                role.ofMail(),
                                                                role.ofTheRest())
                                                        .flatMap(List::stream)
                                                        .toList())
                                        .build()))
                .build()
                .withoutPolicyUpdates();
    }

    /// The resource of StartReplay is the archive, not the destination bus.
    private List<PolicyStatement> ofEvents(MessagingStack messaging) {
        return List.of(
                PolicyStatements.allow(
                        List.of("events:DescribeArchive", "events:StartReplay"),
                        List.of(arn("events", "archive/" + topology.archive().name()))),
                PolicyStatements.allow(
                        List.of("events:DescribeReplay"), List.of(arn("events", "replay/*"))),
                PolicyStatements.allow(
                        List.of("events:DescribeEventBus"),
                        List.of(messaging.bus().getEventBusArn())),
                PolicyStatements.allow(
                        List.of("events:DescribeConnection"),
                        List.of(
                                arn(
                                        "events",
                                        "connection/" + topology.connection().name() + "/*"))),
                PolicyStatements.allow(
                        List.of("s3:GetObject"),
                        List.of(messaging.claimChecks().getBucketArn() + "/events/*")),
                decrypt(messaging.key().getKeyArn(), "s3"));
    }

    /// Execution histories are encrypted with the key of the state machine, and the reader needs
    /// permission to decrypt them.
    private List<PolicyStatement> ofWorkflows(MessagingStack messaging) {
        return List.of(
                PolicyStatements.allow(
                        List.of("states:GetExecutionHistory"),
                        List.of(Arns.anyExecution(stack, topology))),
                decrypt(messaging.key().getKeyArn(), "states"));
    }

    /// Allows to cancel the deletion of the key of personal data, but not to delete it.
    private List<PolicyStatement> ofKeys(FoundationStack foundation) {
        return List.of(
                PolicyStatements.allow(
                        List.of("kms:CancelKeyDeletion", "kms:DescribeKey", "kms:EnableKey"),
                        List.of(foundation.personalData().getKeyArn())));
    }

    private PolicyStatement decrypt(String key, String service) {
        return PolicyStatements.allow(
                List.of("kms:Decrypt"),
                List.of(key),
                Map.of(
                        "kms:ViaService",
                        "%s.%s.amazonaws.com".formatted(service, stack.getRegion())));
    }

    private List<PolicyStatement> ofContainers() {
        var cluster = FoundationStack.CLUSTER;
        return List.of(
                PolicyStatements.allow(
                        List.of(
                                "ecs:DescribeServices",
                                "ecs:ListServiceDeployments",
                                "ecs:UpdateService"),
                        List.of(arn("ecs", "service/" + cluster + "/*"))),
                PolicyStatements.allow(
                        List.of("ecs:DescribeTasks"),
                        List.of(arn("ecs", "task/" + cluster + "/*"))),
                // Tasks that are listed have no resource but their cluster, which is a condition.
                PolicyStatements.allow(
                        List.of("ecs:ListTasks"),
                        List.of("*"),
                        Map.of("ecs:cluster", arn("ecs", "cluster/" + cluster))),
                PolicyStatements.allow(
                        List.of("application-autoscaling:RegisterScalableTarget"),
                        List.of(arn("application-autoscaling", "scalable-target/*")),
                        Map.of("application-autoscaling:service-namespace", "ecs")),
                PolicyStatements.allow(
                        List.of("rds:DescribeDBInstances", "rds:ModifyDBInstance"),
                        List.of(arn("rds", "db:orderflow"))),
                PolicyStatements.allow(
                        List.of("logs:FilterLogEvents"),
                        List.of(
                                arn("logs", "log-group:/orderflow/*"),
                                arn("logs", "log-group:aws-waf-logs-orderflow:*"))));
    }

    private List<PolicyStatement> ofMail() {
        return List.of(
                PolicyStatements.allow(
                        List.of("ses:GetEmailIdentity"),
                        List.of(arn("ses", "identity/" + stage.domain()))),
                PolicyStatements.allow(
                        List.of("ses:PutConfigurationSetSendingOptions"),
                        List.of(
                                arn(
                                        "ses",
                                        "configuration-set/"
                                                + MailConfiguration.CONFIGURATION_SET))),
                PolicyStatements.allow(
                        List.of("sns:ListSubscriptionsByTopic"),
                        List.of(arn("sns", ServiceEnvironment.NOTIFICATIONS))));
    }

    /// Actions for which IAM supports no resources.
    private List<PolicyStatement> ofTheRest() {
        return List.of(
                PolicyStatements.allow(
                        List.of(
                                "application-autoscaling:DescribeScalingActivities",
                                "cloudwatch:DescribeAlarms",
                                "elasticloadbalancing:DescribeTargetGroups",
                                "elasticloadbalancing:DescribeTargetHealth",
                                "lambda:GetAccountSettings",
                                "servicequotas:ListServiceQuotas",
                                "ses:DeleteSuppressedDestination",
                                "ses:ListSuppressedDestinations",
                                "sns:ListTopics",
                                "vpc-lattice:ListResourceConfigurations"),
                        List.of("*")));
    }

    private String arn(String service, String resource) {
        return Arns.arn(stack, service, resource);
    }
}
