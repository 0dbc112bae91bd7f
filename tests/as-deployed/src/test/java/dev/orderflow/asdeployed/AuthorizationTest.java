package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orderflow.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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

    private static final List<String> QUEUES =
            Topology.load().queues().stream().map(Topology.QueueSpec::name).toList();

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
    void anOrderShipsAndItsCustomerIsNotified() {
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
                {"decision":"APPROVE","operator":"an-operator","note":"known customer"}""");
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
    void anOrderWithAnInvalidTotalReservesNoStockAndAuthorizesNothing() {
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
    void aFailedWorkflowOpensAWorkItem() {
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
    void anUnreadableMessageIsDeadLetteredAndListedForTheOperator() {
        try (var sqs =
                SqsClient.builder()
                        .endpointOverride(system.cloud().endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(administrator())
                        .build()) {
            for (var queue : QUEUES) {
                var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
                sqs.sendMessage(send -> send.queueUrl(url).messageBody("nonsense"));
            }
        }
        QUEUES.forEach(AuthorizationTest::awaitDeadLetters);
        // They are sent back as they were, so they come back as they were.
        for (var queue : QUEUES) {
            act(queue, "redrive");
        }
        QUEUES.forEach(AuthorizationTest::awaitDeadLetters);
        for (var queue : QUEUES) {
            act(queue, "discard");
        }
    }

    private static void awaitDeadLetters(String queue) {
        api.awaitTrue(
                queue + "-dlq has some",
                () ->
                        api.internal(
                                                "operations-console",
                                                "/internal/operations/dead-letters/"
                                                        + queue
                                                        + "-dlq")
                                        .path("messages")
                                        .size()
                                > 0);
    }

    private static void act(String queue, String verb) {
        api.finish(
                api.internal(
                        "POST",
                        "operations-console",
                        "/internal/operations/dead-letters/%s-dlq/%s".formatted(queue, verb),
                        """
                        {"all":true,"force":true,"perSecond":100,"operator":"an-operator","reason":"a test"}"""));
    }

    @Test
    @Order(6)
    void aFailedWorkflowIsRedriven() {
        try (var states = states()) {
            states.startExecution(
                    it -> it.stateMachineArn(WORKFLOW + ":live").name("by-hand").input("{}"));
        }
        api.awaitTrue(
                "it is listed",
                () ->
                        api.internal("operations-console", "/internal/operations/workflows/failed")
                                        .path("executions")
                                        .size()
                                > 0);
        api.finish(
                api.internal(
                        "POST",
                        "operations-console",
                        "/internal/operations/workflows/redrive",
                        """
                        {"all":true,"force":true,"perSecond":100,"operator":"an-operator","reason":"a test"}"""));
    }

    /// Its event is too large for the bus, and every consumer fetches it from the bucket.
    @Test
    @Order(6)
    void theEventOfAnOrderWithManyLinesIsSentAsAClaimCheck() {
        var skus = new ArrayList<String>();
        for (int line = 0; line < 25; line++) {
            skus.add(api.article("2.00", 10));
        }
        api.awaitState(api.order(skus, 1, Api.VISA), "SHIPPED");
    }

    /// While it waits shipping sends signs of life.
    @Test
    @Order(6)
    void anOrderWaitsForTheCarrierAndShips() {
        setCarrierAvailable("false");
        String order;
        try {
            order = api.order(api.article("12.50", 1), 1, Api.VISA);
            api.awaitTrue(
                    "a heartbeat",
                    () ->
                            system.accessControl().usedGrants().stream()
                                    .anyMatch(
                                            it -> it.action().equals("states:SendTaskHeartbeat")));
        } finally {
            setCarrierAvailable("true");
        }
        api.awaitState(order, "SHIPPED");
    }

    private static void setCarrierAvailable(String available) {
        api.send(
                "PUT",
                system.carrier(),
                "/sandbox/availability",
                Map.of(),
                "{\"available\":%s}".formatted(available));
    }

    @Test
    @Order(6)
    void aCustomersPersonalDataIsShownAndErased() {
        var path = "/internal/operations/customers/" + api.customer();
        api.internal("operations-console", path + "/personal-data");
        api.internal(
                "POST",
                "operations-console",
                path + "/erasure",
                "{\"operator\":\"an-operator\",\"reason\":\"asked for\"}");
    }

    /// The steps of deploy/README.md, "Change keys and secrets". Orders are placed between them,
    /// and each of them ships: at no moment does a service or the workflow send a key that another
    /// refuses for longer than it repeats its calls.
    @Test
    @Order(7)
    void theKeyOfTheInternalApiIsRotatedWhileOrdersRun() {
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
    void aDeauthorizedConnectionRaisesAnAlarm() {
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
    }

    /// A right that nothing needs is one too many, and a right that no path here uses is one nobody
    /// has seen work. What stays is listed with its reason, and only for as long as it is true.
    @Test
    @Order(9)
    void everyPermissionIsUsedOrListedWithAReason() {
        var unused = new TreeSet<>(system.accessControl().grants());
        assertThat(unused).hasSizeGreaterThan(280);
        unused.removeAll(system.accessControl().usedGrants());
        assertThat(UnusedRights.withoutReason(unused)).as("rights nothing used").isEmpty();
        assertThat(UnusedRights.reasonsWithoutRight(unused)).as("listed, but used").isEmpty();
    }

    private static StaticCredentialsProvider administrator() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create("administrator", "local"));
    }
}
