package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Every path of the system, with the rights that the stacks give and no others.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuthorizationTest {

    private static final String WORKFLOW =
            "arn:aws:states:us-east-1:%s:stateMachine:order-workflow"
                    .formatted(DeployedSystem.ACCOUNT);
    private static final String CONNECTION = "orderflow-internal-api";
    private static final String FIRST_KEY = "ORDERFLOW_INTERNALAPI_KEYS_0";
    private static final String NEXT_KEY = "ORDERFLOW_INTERNALAPI_KEYS_1";

    private static DeployedSystem system;
    private static Api api;

    @BeforeAll
    static void start() {
        system = DeployedSystem.start();
        api = new Api(system);
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    @Order(1)
    void anOrderShipsAndItsCustomerIsTold() {
        var order = api.order(api.article("12.50", 10), 2, Api.VISA);
        api.awaitState(order, "SHIPPED");
        api.awaitTrue(
                "two e-mails",
                () ->
                        api.send(
                                                "GET",
                                                system.cloud().endpoint(),
                                                "/_aws/ses?email="
                                                        + api.customer()
                                                        + "@example.org",
                                                Map.of(),
                                                "")
                                        .path("messages")
                                        .size()
                                >= 2);
    }

    @Test
    @Order(2)
    void anOrderIsRejectedWhenThereIsNoStockAndWhenTheCardIsDeclined() {
        api.awaitState(api.order(api.article("12.50", 1), 2, Api.VISA), "REJECTED");
        api.awaitState(api.order(api.article("12.50", 1), 1, "pm_card_chargeDeclined"), "REJECTED");
    }

    @Test
    @Order(3)
    void anOrderAboveTheLimitIsApproved() {
        var order = api.order(api.article("1500.00", 1), 1, Api.VISA);
        api.awaitTrue(
                "the approval is asked for",
                () ->
                        api.internal("order-service", "/internal/approvals")
                                .toString()
                                .contains(order));
        api.internal(
                "POST",
                "order-service",
                "/internal/approvals/" + order + "/decision",
                """
                {"decision":"APPROVE","decidedBy":"an-operator","note":"known customer"}""");
        api.awaitState(order, "SHIPPED");
    }

    @Test
    @Order(4)
    void anOrderIsCancelledWhileItWaitsForApproval() {
        var order = api.order(api.article("1500.00", 1), 1, Api.VISA);
        api.awaitTrue(
                "the approval is asked for",
                () ->
                        api.internal("order-service", "/internal/approvals")
                                .toString()
                                .contains(order));
        api.asCustomer("POST", "/orders/" + order + "/cancellation", "");
        api.awaitState(order, "CANCELLED");
    }

    /// An expression that cannot be evaluated is noticed while nothing but stock is held.
    @Test
    @Order(5)
    void anOrderWhoseTotalIsNoNumberHoldsNeitherMoneyNorStock() {
        var sku = api.article("12.50", 3);
        var order = UUID.randomUUID().toString();
        try (var states = states()) {
            var execution =
                    states.startExecution(
                                    start ->
                                            start.stateMachineArn(WORKFLOW + ":live")
                                                    .name(order)
                                                    .input(
                                                            """
                                                            {"orderId":"%s","lines":[{"sku":"%s","quantity":1}],
                                                             "customerRef":"%s","paymentMethodId":"pm_card_visa",
                                                             "total":{"amount":"many","currency":"EUR"},
                                                             "traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}"""
                                                                    .formatted(
                                                                            order,
                                                                            sku,
                                                                            UUID.randomUUID())))
                            .executionArn();
            api.awaitTrue(
                    "the execution ends",
                    () ->
                            states.describeExecution(it -> it.executionArn(execution)).status()
                                    != ExecutionStatus.RUNNING);
            var entered =
                    states
                            .getExecutionHistoryPaginator(it -> it.executionArn(execution))
                            .events()
                            .stream()
                            .filter(event -> event.stateEnteredEventDetails() != null)
                            .map(event -> event.stateEnteredEventDetails().name())
                            .toList();
            assertThat(entered)
                    .containsExactly("ReserveInventory", "ReleaseInventory", "PublishOutcome");
        }
        var stock = api.internal("inventory-service", "/internal/stock/" + sku);
        assertThat(stock.path("reserved").asInt(0)).as(stock.toString()).isZero();
    }

    /// The event of an execution carries the unqualified state machine, whatever alias started it.
    @Test
    @Order(5)
    void aWorkflowThatFailsPutsItsOrderBeforeAPerson() {
        var order = api.order(api.article("1500.00", 1), 1, Api.VISA);
        api.awaitTrue(
                "the approval is asked for",
                () ->
                        api.internal("order-service", "/internal/approvals")
                                .toString()
                                .contains(order));
        try (var states = states()) {
            states.stopExecution(
                    stop ->
                            stop.executionArn(
                                    "arn:aws:states:us-east-1:%s:execution:order-workflow:%s"
                                            .formatted(DeployedSystem.ACCOUNT, order)));
        }
        api.awaitTrue(
                "the order needs attention",
                () ->
                        api.internal("order-service", "/internal/orders/" + order)
                                .path("needsAttention")
                                .asBoolean(false));
    }

    @Test
    @Order(6)
    void aMessageThatCannotBeReadIsDeadLetteredAndTheOperatorSeesIt() {
        try (var sqs =
                SqsClient.builder()
                        .endpointOverride(system.cloud().endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(administrator())
                        .build()) {
            for (var queue : List.of("analytics", "notifications", "order-progress")) {
                var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
                sqs.sendMessage(send -> send.queueUrl(url).messageBody("nonsense"));
            }
        }
        for (var queue : List.of("analytics-dlq", "notifications-dlq", "order-progress-dlq")) {
            api.awaitTrue(
                    queue + " has it",
                    () ->
                            api.internal("operations-console", "/internal/operations/dead-letters")
                                    .toString()
                                    .contains(queue));
        }
    }

    /// The steps of deploy/README.md, "Change keys and secrets". Orders are placed between them,
    /// and each of them ships: at no moment does a service or the workflow send a key that another
    /// refuses for longer than it repeats its calls.
    @Test
    @Order(7)
    void theInternalApisKeyIsChangedUnderRunningOrders() {
        var before = system.internalApiKey();
        system.putSecret(NEXT_KEY, "the-new-key-of-the-internal-api-0001");
        var orders = new ArrayList<>(restartAll());
        var key = system.secret(NEXT_KEY);
        system.putSecret(FIRST_KEY, key);
        system.putSecret(NEXT_KEY, before);
        try (var events = events()) {
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
            orders.addAll(restartAll());
            system.putSecret(NEXT_KEY, "another-new-key-of-the-internal-api-0002");
            orders.addAll(restartAll());
            orders.forEach(order -> api.awaitState(order, "SHIPPED"));
            assertThat(events.describeConnection(it -> it.name(CONNECTION)).connectionState())
                    .isEqualTo(ConnectionState.ACTIVE);
        }
        assertThat(
                        api.status(
                                "GET",
                                system.internal("inventory-service"),
                                "/internal/stock",
                                Map.of("X-Api-Key", before)))
                .as("the old key opens nothing")
                .isEqualTo(403);
    }

    /// Those that the workflow calls and that call each other on an order's way, one after the
    /// other, with an order under way at each.
    private static List<String> restartAll() {
        var orders = new ArrayList<String>();
        for (var service : List.of("inventory-service", "payment-service", "shipping-service")) {
            orders.add(api.order(api.article("12.50", 1), 1, Api.VISA));
            system.restart(service);
        }
        system.restart("order-service");
        return orders;
    }

    private static SfnClient states() {
        return SfnClient.builder()
                .endpointOverride(system.cloud().endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(administrator())
                .build();
    }

    private static EventBridgeClient events() {
        return EventBridgeClient.builder()
                .endpointOverride(system.cloud().endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(administrator())
                .build();
    }

    /// By the rule that watches it.
    @Test
    @Order(8)
    void aConnectionThatLosesItsAuthorisationSetsOffAnAlarm() {
        try (var events = events();
                var cloudWatch =
                        CloudWatchClient.builder()
                                .endpointOverride(system.cloud().endpoint())
                                .region(Region.US_EAST_1)
                                .credentialsProvider(administrator())
                                .build()) {
            events.deauthorizeConnection(it -> it.name(CONNECTION));
            api.awaitTrue(
                    "the alarm goes off",
                    () ->
                            cloudWatch
                                    .describeAlarms(it -> it.alarmNames("workflow-connection"))
                                    .metricAlarms()
                                    .getFirst()
                                    .stateValue()
                                    .equals(StateValue.ALARM));
        }
    }

    /// Last: by now the paths above were walked.
    @Test
    @Order(9)
    void nothingWasDenied() {
        assertThat(system.accessControl().denials()).isEmpty();
        assertThat(system.accessControl().usedGrants()).hasSizeGreaterThan(150);
    }

    private static StaticCredentialsProvider administrator() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create("administrator", "local"));
    }
}
