package dev.orderflow.deploy;

import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;

/// What each service may do on AWS: what its code does, with what it does it to.
final class Rights {

    private static final List<String> READ_QUEUE =
            List.of(
                    "sqs:ChangeMessageVisibility",
                    "sqs:DeleteMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:GetQueueUrl",
                    "sqs:ReceiveMessage");
    private static final List<String> WRITE_QUEUE = List.of("sqs:GetQueueUrl", "sqs:SendMessage");

    private final Stack here;
    private final Stage stage;
    private final Topology topology;
    private final FoundationStack foundation;
    private final DataStack data;
    private final MessagingStack messaging;

    Rights(
            Stack here,
            Stage stage,
            Topology topology,
            FoundationStack foundation,
            DataStack data,
            MessagingStack messaging) {
        this.here = here;
        this.stage = stage;
        this.topology = topology;
        this.foundation = foundation;
        this.data = data;
        this.messaging = messaging;
    }

    List<PolicyStatement> of(Service service) {
        var own =
                switch (service) {
                    case ORDER -> ofOrders();
                    case INVENTORY -> fetchClaimChecks();
                    case PAYMENT -> List.<PolicyStatement>of();
                    case SHIPPING -> join(fetchClaimChecks(), List.of(answerTheWorkflow(true)));
                    case NOTIFICATION -> join(fetchClaimChecks(), ofNotifications());
                    case ANALYTICS ->
                            stage.analytics() == Stage.Analytics.CONTAINER
                                    ? fetchClaimChecks()
                                    : List.<PolicyStatement>of();
                    case OPERATIONS -> ofOperations();
                };
        return Stream.of(
                        List.of(data.mayConnectAs(service.database()), publishMeters()),
                        consume(service),
                        own)
                .flatMap(List::stream)
                .toList();
    }

    /// What the function needs that reads the analytics queue in the container's place.
    List<PolicyStatement> ofAnalyticsFunction() {
        return Stream.of(
                        List.of(data.mayConnectAs(Service.ANALYTICS.database())),
                        consumeQueuesOf(Service.ANALYTICS),
                        fetchClaimChecks())
                .flatMap(List::stream)
                .toList();
    }

    /// The queues a service reads itself.
    List<Topology.QueueSpec> queuesReadBy(Service service) {
        if (service == Service.ANALYTICS && stage.analytics() == Stage.Analytics.LAMBDA) {
            return List.of();
        }
        return queuesOf(service);
    }

    private List<Topology.QueueSpec> queuesOf(Service service) {
        return topology.queues().stream()
                .filter(queue -> queue.consumer().equals(service.label()))
                .toList();
    }

    private List<PolicyStatement> consume(Service service) {
        return queuesReadBy(service).isEmpty() ? List.of() : consumeQueuesOf(service);
    }

    /// A consumer reads its queues, and puts what is hopeless into their dead-letter queues itself.
    private List<PolicyStatement> consumeQueuesOf(Service service) {
        var queues = queuesOf(service);
        return List.of(
                Permissions.allow(READ_QUEUE, arns(queues.stream().map(Topology.QueueSpec::name))),
                Permissions.allow(
                        WRITE_QUEUE,
                        arns(
                                queues.stream()
                                        .map(Topology.QueueSpec::deadLetter)
                                        .map(Topology.DeadLetterSpec::queue))),
                decryptAndEncrypt());
    }

    /// AWS knows no resource for it, but which namespace.
    private static PolicyStatement publishMeters() {
        return Permissions.allow(
                List.of("cloudwatch:PutMetricData"),
                List.of("*"),
                Map.of("cloudwatch:namespace", Settings.METERS));
    }

    /// What is on its way is encrypted: messages, claim checks, the workflow's state.
    private PolicyStatement decryptAndEncrypt() {
        return Permissions.allow(
                List.of("kms:Decrypt", "kms:GenerateDataKey"),
                List.of(messaging.key().getKeyArn()));
    }

    private List<PolicyStatement> fetchClaimChecks() {
        var bucket = messaging.claimChecks().getBucketArn();
        return List.of(
                Permissions.allow(List.of("s3:GetObject"), List.of(bucket + "/events/*")),
                // Without it S3 says of an object that is missing that it is forbidden.
                Permissions.allow(List.of("s3:ListBucket"), List.of(bucket)));
    }

    private List<PolicyStatement> ofOrders() {
        return join(
                fetchClaimChecks(),
                List.of(
                        Permissions.allow(
                                List.of("s3:PutObject"),
                                List.of(messaging.claimChecks().getBucketArn() + "/events/*")),
                        Permissions.allow(
                                // PutEvents does not tell when there is no bus.
                                List.of("events:DescribeEventBus", "events:PutEvents"),
                                List.of(messaging.bus().getEventBusArn())),
                        // Authorised by the state machine whatever the alias, which is a key.
                        Permissions.allow(
                                List.of("states:StartExecution"),
                                List.of(Arns.workflow(here, topology)),
                                Map.of("states:StateMachineQualifier", Arns.LIVE)),
                        Permissions.allow(
                                List.of("states:DescribeExecution", "states:GetExecutionHistory"),
                                List.of(Arns.anyExecution(here, topology))),
                        answerTheWorkflow(false),
                        Permissions.allow(
                                List.of("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
                                List.of(foundation.personalData().getKeyArn()),
                                Map.of(
                                        "kms:EncryptionContext:service",
                                        Service.ORDER.label(),
                                        "kms:EncryptionContext:purpose",
                                        "personal-data"))));
    }

    /// @param andSayWorkGoesOn by a heartbeat
    private PolicyStatement answerTheWorkflow(boolean andSayWorkGoesOn) {
        var actions = new ArrayList<>(List.of("states:SendTaskFailure", "states:SendTaskSuccess"));
        if (andSayWorkGoesOn) {
            actions.add("states:SendTaskHeartbeat");
        }
        return Permissions.allow(actions, List.of(Arns.workflow(here, topology)));
    }

    private List<PolicyStatement> ofNotifications() {
        return List.of(
                Permissions.allow(
                        List.of("sns:Publish"),
                        List.of(messaging.topic(Settings.NOTIFICATIONS).getTopicArn())),
                Permissions.allow(
                        List.of("ses:SendEmail"),
                        List.of(
                                "arn:aws:ses:%s:%s:configuration-set/%s"
                                        .formatted(
                                                stage.region(),
                                                stage.account(),
                                                Mail.CONFIGURATION_SET),
                                "arn:aws:ses:%s:%s:identity/%s"
                                        .formatted(
                                                stage.region(), stage.account(), stage.domain()))));
    }

    private List<PolicyStatement> ofOperations() {
        var dead =
                Stream.concat(
                        topology.queues().stream()
                                .map(Topology.QueueSpec::deadLetter)
                                .map(Topology.DeadLetterSpec::queue),
                        Stream.of(topology.undelivered().queue()));
        return List.of(
                Permissions.allow(READ_QUEUE, arns(dead)),
                // It sends messages back, and looks whether they are gone.
                Permissions.allow(
                        List.of("sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"),
                        arns(topology.queues().stream().map(Topology.QueueSpec::name))),
                decryptAndEncrypt(),
                Permissions.allow(
                        List.of("states:ListExecutions"), List.of(Arns.workflow(here, topology))),
                Permissions.allow(
                        List.of(
                                "states:DescribeExecution",
                                "states:GetExecutionHistory",
                                "states:RedriveExecution"),
                        List.of(Arns.anyExecution(here, topology))));
    }

    private List<String> arns(Stream<String> queues) {
        return queues.sorted().map(name -> Arns.queue(here, name)).toList();
    }

    private static List<PolicyStatement> join(
            List<PolicyStatement> some, List<PolicyStatement> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }
}
