package dev.orderflow.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.deploy.SynthesizedApp.TemplateResource;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// Each role has exactly the permissions that its service needs.
class ServicePoliciesTest {

    /// Roles, actions, resources and conditions. Each line permits each of its actions for each of
    /// its resources.
    private static final String TABLE =
            """
            order-service        | rds-db:connect                                                             | rds-db:dbuser:database.DbiResourceId/orders
            order-service        | cloudwatch:PutMetricData                                                   | *                                           | cloudwatch:namespace=Orderflow
            order-service        | sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage | sqs:approval-requests sqs:fulfilment-requests sqs:order-progress sqs:workflow-failures
            order-service        | sqs:GetQueueUrl sqs:SendMessage                                            | sqs:approval-requests-dlq sqs:fulfilment-requests-dlq sqs:order-progress-dlq sqs:workflow-failures-dlq
            order-service        | kms:Decrypt kms:GenerateDataKey                                            | key.Arn
            order-service        | s3:GetObject s3:PutObject                                                  | orderflowclaimchecks.Arn/events/*
            order-service        | s3:ListBucket                                                              | orderflowclaimchecks.Arn
            order-service        | events:DescribeEventBus events:PutEvents                                   | bus.Arn
            order-service        | states:StartExecution                                                      | states:stateMachine:order-workflow                      | states:StateMachineQualifier=live
            order-service        | states:SendTaskFailure states:SendTaskSuccess                              | states:stateMachine:order-workflow
            order-service        | states:DescribeExecution states:GetExecutionHistory                        | states:execution:order-workflow:*
            order-service        | kms:Decrypt kms:Encrypt kms:GenerateDataKey                                | personaldata.Arn                            | kms:EncryptionContext:purpose=personal-data kms:EncryptionContext:service=order-service

            inventory-service    | rds-db:connect                                                             | rds-db:dbuser:database.DbiResourceId/inventory
            inventory-service    | cloudwatch:PutMetricData                                                   | *                                           | cloudwatch:namespace=Orderflow
            inventory-service    | sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage | sqs:stock-deductions
            inventory-service    | sqs:GetQueueUrl sqs:SendMessage                                            | sqs:stock-deductions-dlq
            inventory-service    | kms:Decrypt kms:GenerateDataKey                                            | key.Arn
            inventory-service    | s3:GetObject                                                               | orderflowclaimchecks.Arn/events/*
            inventory-service    | s3:ListBucket                                                              | orderflowclaimchecks.Arn

            payment-service      | rds-db:connect                                                             | rds-db:dbuser:database.DbiResourceId/payments
            payment-service      | cloudwatch:PutMetricData                                                   | *                                           | cloudwatch:namespace=Orderflow

            shipping-service     | rds-db:connect                                                             | rds-db:dbuser:database.DbiResourceId/shipping
            shipping-service     | cloudwatch:PutMetricData                                                   | *                                           | cloudwatch:namespace=Orderflow
            shipping-service     | sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage | sqs:shipping-cancellations sqs:shipping-requests
            shipping-service     | sqs:GetQueueUrl sqs:SendMessage                                            | sqs:shipping-cancellations-dlq sqs:shipping-requests-dlq
            shipping-service     | kms:Decrypt kms:GenerateDataKey                                            | key.Arn
            shipping-service     | s3:GetObject                                                               | orderflowclaimchecks.Arn/events/*
            shipping-service     | s3:ListBucket                                                              | orderflowclaimchecks.Arn
            shipping-service     | states:SendTaskFailure states:SendTaskHeartbeat states:SendTaskSuccess     | states:stateMachine:order-workflow

            notification-service | rds-db:connect                                                             | rds-db:dbuser:database.DbiResourceId/notifications
            notification-service | cloudwatch:PutMetricData                                                   | *                                           | cloudwatch:namespace=Orderflow
            notification-service | sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage | sqs:notifications
            notification-service | sqs:GetQueueUrl sqs:SendMessage                                            | sqs:notifications-dlq
            notification-service | kms:Decrypt kms:GenerateDataKey                                            | key.Arn
            notification-service | s3:GetObject                                                               | orderflowclaimchecks.Arn/events/*
            notification-service | s3:ListBucket                                                              | orderflowclaimchecks.Arn
            notification-service | sns:Publish                                                                | ordernotifications
            notification-service | ses:SendEmail                                                              | ses:identity/orderflow.example.com
            notification-service | ses:SendEmail                                                              | ses:configuration-set/orderflow

            analytics-service    | rds-db:connect                                                             | rds-db:dbuser:database.DbiResourceId/analytics
            analytics-service    | cloudwatch:PutMetricData                                                   | *                                           | cloudwatch:namespace=Orderflow
            analytics-service    | sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage | sqs:analytics
            analytics-service    | sqs:GetQueueUrl sqs:SendMessage                                            | sqs:analytics-dlq
            analytics-service    | kms:Decrypt kms:GenerateDataKey                                            | key.Arn
            analytics-service    | s3:GetObject                                                               | orderflowclaimchecks.Arn/events/*
            analytics-service    | s3:ListBucket                                                              | orderflowclaimchecks.Arn

            operations-console   | rds-db:connect                                                             | rds-db:dbuser:database.DbiResourceId/operations
            operations-console   | cloudwatch:PutMetricData                                                   | *                                           | cloudwatch:namespace=Orderflow
            operations-console   | sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:GetQueueUrl sqs:ReceiveMessage | sqs:analytics-dlq sqs:approval-requests-dlq sqs:fulfilment-requests-dlq sqs:stock-deductions-dlq sqs:notifications-dlq sqs:order-progress-dlq sqs:shipping-cancellations-dlq sqs:shipping-requests-dlq sqs:workflow-failures-dlq sqs:undelivered-events
            operations-console   | sqs:SendMessage                                                            | sqs:analytics-dlq sqs:approval-requests-dlq sqs:fulfilment-requests-dlq sqs:stock-deductions-dlq sqs:notifications-dlq sqs:order-progress-dlq sqs:shipping-cancellations-dlq sqs:shipping-requests-dlq sqs:workflow-failures-dlq sqs:undelivered-events
            operations-console   | sqs:GetQueueAttributes sqs:GetQueueUrl sqs:SendMessage                     | sqs:analytics sqs:approval-requests sqs:fulfilment-requests sqs:stock-deductions sqs:notifications sqs:order-progress sqs:shipping-cancellations sqs:shipping-requests sqs:workflow-failures
            operations-console   | kms:Decrypt kms:GenerateDataKey                                            | key.Arn
            operations-console   | cloudwatch:DescribeAlarms                                                  | *
            operations-console   | states:DescribeStateMachine states:ListExecutions                          | states:stateMachine:order-workflow
            operations-console   | states:DescribeExecution states:GetExecutionHistory states:RedriveExecution | states:execution:order-workflow:*

            databases            | rds-db:connect                                                             | rds-db:dbuser:database.DbiResourceId/orderflow_master
            """;

    private final SynthesizedApp synthesis = SynthesizedApp.get();
    private final TemplateText readable = new TemplateText(synthesis);

    @ParameterizedTest
    @EnumSource
    void aServiceHasExactlyThePermissionsThatItNeeds(DeployedService service) {
        assertThat(mayWhileRunning(service.label())).isEqualTo(inTheTable(service.label()));
    }

    @Test
    void theDatabaseTaskHasNoOtherPermissions() {
        assertThat(mayWhileRunning("databases")).isEqualTo(inTheTable("databases"));
    }

    @ParameterizedTest
    @EnumSource
    void theExecutionRoleMayPullTheImageReadSecretsAndWriteLogs(DeployedService service) {
        var name = service.label();
        var id = name.replace("-", "");
        var expected = new TreeSet<String>();
        expected.add("ecr:GetAuthorizationToken *");
        for (var action :
                Set.of("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")) {
            expected.add("ecr:" + action + " " + id + ".Arn");
        }
        expected.add("logs:CreateLogStream logorderflow" + id + ".Arn");
        expected.add("logs:PutLogEvents logorderflow" + id + ".Arn");
        expected.add("secretsmanager:GetSecretValue internalapikey");
        expected.add("secretsmanager:GetSecretValue internalapikeynext");
        if (service == DeployedService.PAYMENT) {
            expected.add("secretsmanager:GetSecretValue gatewaykey");
        }
        expected.add(
                "kms:Decrypt storage.Arn when"
                        + " kms:ViaService=secretsmanager.us-east-1.amazonaws.com");
        assertThat(may(name, "ExecutionRoleArn")).isEqualTo(expected);
    }

    @Test
    void noPolicyOutsideARoleGrantsItPermissions() {
        assertThat(synthesis.resources("AWS::IAM::Policy")).isEmpty();
        assertThat(synthesis.resources("AWS::IAM::ManagedPolicy")).isEmpty();
    }

    private static Set<String> inTheTable(String who) {
        return TABLE.lines()
                .map(line -> line.split("\\|"))
                .filter(cells -> cells[0].strip().equals(who))
                .flatMap(
                        cells ->
                                words(cells[1])
                                        .flatMap(
                                                action ->
                                                        words(cells[2])
                                                                .map(
                                                                        resource ->
                                                                                action
                                                                                        + " "
                                                                                        + resource
                                                                                        + when(
                                                                                                cells))))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String when(String[] cells) {
        return cells.length < 4 ? "" : " when " + cells[3].strip();
    }

    private static Stream<String> words(String cell) {
        return Stream.of(cell.strip().split(" +"));
    }

    private Set<String> mayWhileRunning(String task) {
        return may(task, "TaskRoleArn");
    }

    private Set<String> may(String task, String role) {
        var definition =
                synthesis.resources("AWS::ECS::TaskDefinition").stream()
                        .filter(it -> it.at("Family").asString().equals("orderflow-" + task))
                        .findFirst()
                        .orElseThrow();
        var id = definition.at(role, "Fn::GetAtt").path(0).asString();
        var taken =
                synthesis.resources("AWS::IAM::Role").stream()
                        .filter(it -> it.id().equals(id) && it.stack().equals(definition.stack()))
                        .findFirst()
                        .orElseThrow();
        return statements(taken)
                .flatMap(this::spelledOut)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<JsonNode> statements(TemplateResource role) {
        return role.at("Policies")
                .valueStream()
                .flatMap(policy -> policy.path("PolicyDocument").path("Statement").valueStream());
    }

    private Stream<String> spelledOut(JsonNode statement) {
        assertThat(statement.path("Effect").asString()).isEqualTo("Allow");
        return SynthesizedApp.each(statement.path("Action"))
                .flatMap(
                        action ->
                                SynthesizedApp.each(statement.path("Resource"))
                                        .map(
                                                resource ->
                                                        action.asString()
                                                                + " "
                                                                + readable.text(resource)
                                                                + when(statement)));
    }

    private String when(JsonNode statement) {
        var conditions =
                statement
                        .path("Condition")
                        .path("StringEquals")
                        .propertyStream()
                        .map(entry -> entry.getKey() + "=" + readable.text(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining(" "));
        return conditions.isEmpty() ? "" : " when " + conditions;
    }
}
