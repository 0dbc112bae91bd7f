package dev.orderflow.asdeployed;

import dev.orderflow.topology.Topology;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// What the journeys of [AuthorizationTest] share: the deployed system, its customer and operator,
/// and clients of AWS.
abstract class AuthorizationJourneys {

    static final String WORKFLOW =
            "arn:aws:states:us-east-1:%s:stateMachine:order-workflow"
                    .formatted(DeployedSystem.ACCOUNT);
    static final String CONNECTION = "orderflow-internal-api";
    static final String CLAIM_CHECKS =
            "orderflow-claim-checks-%s-us-east-1".formatted(DeployedSystem.ACCOUNT);
    static final String UNREADABLE = "events/unreadable.json";
    static final String NONSENSE = "\"nonsense\"";

    /// An archive that operators may not replay: they may replay the one of the stacks.
    static final String OTHER_ARCHIVE = "orderflow-archive-of-another";

    /// What operators may not do with the key of the internal API, which is for machines.
    static final String READING_THE_KEY =
            "assumed-role/orderflow-operator/local-cloud is not authorized to perform:"
                    + " secretsmanager:GetSecretValue";

    static final Topology TOPOLOGY = Topology.load();

    static final DeployedSystem system = DeployedSystem.start();
    static final Api api = new Api(system);

    static final String OPERATOR = "orderflow-operator";

    static String executionOf(String order) {
        return "arn:aws:states:us-east-1:%s:execution:order-workflow:%s"
                .formatted(DeployedSystem.ACCOUNT, order);
    }

    /// Places an order above the limit, and waits until its approval is asked for.
    ///
    /// @return its id
    static String orderThatWaitsForApproval() {
        var order = api.order(api.article("1500.00", 1), 1, Api.VISA);
        api.awaitTrue(
                "the approval is asked for",
                () ->
                        api.internal("order-service", "/internal/approvals")
                                .toString()
                                .contains(order));
        return order;
    }

    static ConnectionState stateOfConnection(EventBridgeClient events) {
        return events.describeConnection(it -> it.name(CONNECTION)).connectionState();
    }

    static void updateConnection(EventBridgeClient events, String key) {
        events.updateConnection(
                update ->
                        update.name(CONNECTION)
                                .authorizationType(ConnectionAuthorizationType.API_KEY)
                                .authParameters(
                                        auth ->
                                                auth.apiKeyAuthParameters(
                                                        of ->
                                                                of.apiKeyName("X-Api-Key")
                                                                        .apiKeyValue(key))));
    }

    static boolean isUsed(String action, String resource) {
        return system.accessControl().usedGrants().stream()
                .anyMatch(it -> it.action().equals(action) && it.resource().endsWith(resource));
    }

    static void awaitEmpty(String queue) {
        api.awaitTrue(queue + " is empty", () -> depth(queue) == 0);
    }

    /// The number of messages, visible and in flight.
    static int depth(String queue) {
        try (var sqs = administrator(SqsClient.builder())) {
            var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
            return sqs
                    .getQueueAttributes(
                            get ->
                                    get.queueUrl(url)
                                            .attributeNames(
                                                    QueueAttributeName
                                                            .APPROXIMATE_NUMBER_OF_MESSAGES,
                                                    QueueAttributeName
                                                            .APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                    .attributes()
                    .values()
                    .stream()
                    .mapToInt(Integer::parseInt)
                    .sum();
        }
    }

    static SfnClient states() {
        return administrator(SfnClient.builder());
    }

    static <B extends AwsClientBuilder<B, C>, C> C administrator(B builder) {
        return client(builder, "administrator");
    }

    /// A client with the permissions of the operators on call.
    static <B extends AwsClientBuilder<B, C>, C> C operator(B builder) {
        return client(builder, system.assumeRole(OPERATOR));
    }

    private static <B extends AwsClientBuilder<B, C>, C> C client(B builder, String accessKey) {
        return builder.endpointOverride(system.cloud().endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(accessKey, "local")))
                .build();
    }
}
