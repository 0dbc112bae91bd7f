package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;

/// What each service may do on AWS: what its code does, with what it does it to.
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
            Stack here,
            Stage stage,
            Topology topology,
            FoundationStack foundation,
            DataStack data,
            MessagingStack messaging) {
        this.stack = here;
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
                    case INVENTORY -> readClaimChecks();
                    case PAYMENT -> List.<PolicyStatement>of();
                    case SHIPPING -> join(readClaimChecks(), List.of(sendTaskResults(true)));
                    case NOTIFICATION -> join(readClaimChecks(), notificationPolicies());
                    case ANALYTICS ->
                            stage.analytics() == Stage.AnalyticsMode.CONTAINER
                                    ? readClaimChecks()
                                    : List.<PolicyStatement>of();
                    case OPERATIONS -> operationsPolicies();
                };
        return Stream.of(
                        List.of(data.allowConnectAs(service.database()), publishMeters()),
                        consume(service),
                        own)
                .flatMap(List::stream)
                .toList();
    }

    /// What the function needs that reads the analytics queue in the container's place.
    List<PolicyStatement> policiesOfAnalyticsFunction() {
        return Stream.of(
                        List.of(data.allowConnectAs(DeployedService.ANALYTICS.database())),
                        consumeQueuesOf(DeployedService.ANALYTICS),
                        readClaimChecks())
                .flatMap(List::stream)
                .toList();
    }

    /// The queues a service reads itself.
    List<Topology.QueueSpec> queuesPolledBy(DeployedService service) {
        if (service == DeployedService.ANALYTICS
                && stage.analytics() == Stage.AnalyticsMode.LAMBDA) {
            return List.of();
        }
        return queuesOf(service);
    }

    private List<Topology.QueueSpec> queuesOf(DeployedService service) {
        return topology.queues().stream()
                .filter(queue -> queue.consumer().equals(service.label()))
                .toList();
    }

    private List<PolicyStatement> consume(DeployedService service) {
        return queuesPolledBy(service).isEmpty() ? List.of() : consumeQueuesOf(service);
    }

    /// A consumer reads its queues, and puts what is hopeless into their dead-letter queues itself.
    private List<PolicyStatement> consumeQueuesOf(DeployedService service) {
        var queues = queuesOf(service);
        return List.of(
                PolicyStatements.allow(
                        READ_QUEUE, arns(queues.stream().map(Topology.QueueSpec::name))),
                PolicyStatements.allow(
                        WRITE_QUEUE,
                        arns(
                                queues.stream()
                                        .map(Topology.QueueSpec::deadLetter)
                                        .map(Topology.DeadLetterSpec::queue))),
                decryptAndEncrypt());
    }

    /// AWS knows no resource for it, but which namespace.
    private static PolicyStatement publishMeters() {
        return PolicyStatements.allow(
                List.of("cloudwatch:PutMetricData"),
                List.of("*"),
                Map.of("cloudwatch:namespace", ServiceEnvironment.METRICS_NAMESPACE));
    }

    /// What is on its way is encrypted: messages, claim checks, the workflow's state.
    private PolicyStatement decryptAndEncrypt() {
        return PolicyStatements.allow(
                List.of("kms:Decrypt", "kms:GenerateDataKey"),
                List.of(messaging.key().getKeyArn()));
    }

    private List<PolicyStatement> readClaimChecks() {
        var bucket = messaging.claimChecks().getBucketArn();
        return List.of(
                PolicyStatements.allow(List.of("s3:GetObject"), List.of(bucket + "/events/*")),
                // Without it S3 says of an object that is missing that it is forbidden.
                PolicyStatements.allow(List.of("s3:ListBucket"), List.of(bucket)));
    }

    private List<PolicyStatement> orderPolicies() {
        return join(
                readClaimChecks(),
                List.of(
                        PolicyStatements.allow(
                                List.of("s3:PutObject"),
                                List.of(messaging.claimChecks().getBucketArn() + "/events/*")),
                        PolicyStatements.allow(
                                // PutEvents does not tell when there is no bus.
                                List.of("events:DescribeEventBus", "events:PutEvents"),
                                List.of(messaging.bus().getEventBusArn())),
                        // Authorised by the state machine whatever the alias, which is a key.
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
                                        "personal-data"))));
    }

    /// @param andSayWorkGoesOn by a heartbeat
    private PolicyStatement sendTaskResults(boolean andSayWorkGoesOn) {
        var actions = new ArrayList<>(List.of("states:SendTaskFailure", "states:SendTaskSuccess"));
        if (andSayWorkGoesOn) {
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
        var dead =
                Stream.concat(
                        topology.queues().stream()
                                .map(Topology.QueueSpec::deadLetter)
                                .map(Topology.DeadLetterSpec::queue),
                        Stream.of(topology.undelivered().queue()));
        return List.of(
                PolicyStatements.allow(READ_QUEUE, arns(dead)),
                // It sends messages back, and looks whether they are gone.
                PolicyStatements.allow(
                        List.of("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"),
                        arns(topology.queues().stream().map(Topology.QueueSpec::name))),
                decryptAndEncrypt(),
                PolicyStatements.allow(
                        List.of("states:ListExecutions"), List.of(Arns.workflow(stack, topology))),
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
