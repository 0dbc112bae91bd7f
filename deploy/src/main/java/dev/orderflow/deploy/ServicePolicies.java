package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;

/// The IAM policies of each service: exactly the actions and resources that its code uses.
final class ServicePolicies {

    private static final List<String> READ_QUEUE =
            List.of(
                    "sqs:ChangeMessageVisibility",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:GetQueueUrl",
                    "sqs:ReceiveMessage");
    private static final List<String> WRITE_QUEUE = List.of("sqs:GetQueueUrl", "sqs:SendMessage");

    private final Stack stack;
    private final Stage stage;
    private final Topology topology;
    private final FoundationStack foundation;
    private final DataStack data;
    private final MessagingStack messaging;

    ServicePolicies(
            Stack stack,
            Stage stage,
            Topology topology,
            FoundationStack foundation,
            DataStack data,
            MessagingStack messaging) {
        this.stack = stack;
        this.stage = stage;
        this.topology = topology;
        this.foundation = foundation;
        this.data = data;
        this.messaging = messaging;
    }

    List<PolicyStatement> policiesOf(DeployedService service) {
        var own =
                switch (service) {
                    case ORDER -> orderPolicies();
                    case SHIPPING -> List.of(sendTaskResults(true));
                    case NOTIFICATION -> notificationPolicies();
                    case OPERATIONS -> operationsPolicies();
                    case INVENTORY, PAYMENT, ANALYTICS -> List.<PolicyStatement>of();
                };
        return Stream.of(
                        List.of(data.allowConnectAs(service.database()), publishMeters()),
                        service.queuesPolled(topology, stage).isEmpty()
                                ? List.<PolicyStatement>of()
                                : consumeQueuesOf(service),
                        own)
                .flatMap(List::stream)
                .toList();
    }

    /// The policies of the function that consumes the analytics queue.
    List<PolicyStatement> policiesOfAnalyticsFunction() {
        return Stream.concat(
                        Stream.of(data.allowConnectAs(DeployedService.ANALYTICS.database())),
                        consumeQueuesOf(DeployedService.ANALYTICS).stream())
                .toList();
    }

    /// Consumers receive from their queues, read claim checks, and send rejected messages to the
    /// dead-letter queues.
    private List<PolicyStatement> consumeQueuesOf(DeployedService service) {
        var queues = service.queues(topology);
        return join(
                List.of(
                        PolicyStatements.allow(
                                READ_QUEUE, arns(queues.stream().map(Topology.QueueSpec::name))),
                        PolicyStatements.allow(
                                WRITE_QUEUE,
                                arns(
                                        queues.stream()
                                                .map(Topology.QueueSpec::deadLetter)
                                                .map(Topology.DeadLetterSpec::queue))),
                        decryptAndEncrypt()),
                readClaimChecks());
    }

    /// IAM supports no resources for this action, only the namespace as a condition.
    private static PolicyStatement publishMeters() {
        return PolicyStatements.allow(
                List.of("cloudwatch:PutMetricData"),
                List.of("*"),
                Map.of("cloudwatch:namespace", Topology.METRICS_NAMESPACE));
    }

    /// Messages, claim checks and the state of workflows are encrypted.
    private PolicyStatement decryptAndEncrypt() {
        return PolicyStatements.allow(
                List.of("kms:Decrypt", "kms:GenerateDataKey"),
                List.of(messaging.key().getKeyArn()));
    }

    private List<PolicyStatement> readClaimChecks() {
        var bucket = messaging.claimChecks().getBucketArn();
        return List.of(
                PolicyStatements.allow(List.of("s3:GetObject"), List.of(bucket + "/events/*")),
                // Without this permission S3 answers 403 instead of 404 for a missing object.
                PolicyStatements.allow(List.of("s3:ListBucket"), List.of(bucket)));
    }

    private List<PolicyStatement> orderPolicies() {
        return List.of(
                PolicyStatements.allow(
                        List.of("s3:PutObject"),
                        List.of(messaging.claimChecks().getBucketArn() + "/events/*")),
                PolicyStatements.allow(
                        // PutEvents does not report a missing bus.
                        List.of("events:DescribeEventBus", "events:PutEvents"),
                        List.of(messaging.bus().getEventBusArn())),
                // IAM authorises the ARN of the state machine; the alias is a condition
                // key.
                PolicyStatements.allow(
                        List.of("states:StartExecution"),
                        List.of(Arns.workflow(stack, topology)),
                        Map.of("states:StateMachineQualifier", Arns.LIVE)),
                PolicyStatements.allow(
                        List.of("states:DescribeExecution", "states:GetExecutionHistory"),
                        List.of(Arns.anyExecution(stack, topology))),
                sendTaskResults(false),
                PolicyStatements.allow(
                        List.of("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
                        List.of(foundation.personalData().getKeyArn()),
                        Map.of(
                                "kms:EncryptionContext:service",
                                DeployedService.ORDER.label(),
                                "kms:EncryptionContext:purpose",
                                "personal-data")));
    }

    /// @param withHeartbeats whether it sends heartbeats
    private PolicyStatement sendTaskResults(boolean withHeartbeats) {
        var actions = new ArrayList<>(List.of("states:SendTaskFailure", "states:SendTaskSuccess"));
        if (withHeartbeats) {
            actions.add("states:SendTaskHeartbeat");
        }
        return PolicyStatements.allow(actions, List.of(Arns.workflow(stack, topology)));
    }

    private List<PolicyStatement> notificationPolicies() {
        return List.of(
                PolicyStatements.allow(
                        List.of("sns:Publish"),
                        List.of(messaging.topic(ServiceEnvironment.NOTIFICATIONS).getTopicArn())),
                PolicyStatements.allow(
                        List.of("ses:SendEmail"),
                        List.of(
                                "arn:aws:ses:%s:%s:configuration-set/%s"
                                        .formatted(
                                                stage.region(),
                                                stage.account(),
                                                MailConfiguration.CONFIGURATION_SET),
                                "arn:aws:ses:%s:%s:identity/%s"
                                        .formatted(
                                                stage.region(), stage.account(), stage.domain()))));
    }

    private List<PolicyStatement> operationsPolicies() {
        var deadLetterQueues =
                Stream.concat(
                                topology.queues().stream()
                                        .map(Topology.QueueSpec::deadLetter)
                                        .map(Topology.DeadLetterSpec::queue),
                                Stream.of(topology.undelivered().queue()))
                        .toList();
        return List.of(
                PolicyStatements.allow(READ_QUEUE, arns(deadLetterQueues.stream())),
                // To restore discarded messages.
                PolicyStatements.allow(List.of("sqs:SendMessage"), arns(deadLetterQueues.stream())),
                // For redrives of messages, and for the numbers of messages on the first page.
                PolicyStatements.allow(
                        List.of("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"),
                        arns(topology.queues().stream().map(Topology.QueueSpec::name))),
                decryptAndEncrypt(),
                PolicyStatements.allow(List.of("cloudwatch:DescribeAlarms"), List.of("*")),
                PolicyStatements.allow(
                        List.of("states:DescribeStateMachine", "states:ListExecutions"),
                        List.of(Arns.workflow(stack, topology))),
                PolicyStatements.allow(
                        List.of(
                                "states:DescribeExecution",
                                "states:GetExecutionHistory",
                                "states:RedriveExecution"),
                        List.of(Arns.anyExecution(stack, topology))));
    }

    private List<String> arns(Stream<String> queues) {
        return queues.sorted().map(name -> Arns.queue(stack, name)).toList();
    }

    private static List<PolicyStatement> join(
            List<PolicyStatement> some, List<PolicyStatement> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
