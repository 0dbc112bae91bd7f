package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Every path of the system, with the rights that the stacks give and no others.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuthorizationTest {

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
        try (var states =
                SfnClient.builder()
                        .endpointOverride(system.cloud().endpoint())
                        .region(Region.US_EAST_1)
                        .credentialsProvider(administrator())
                        .build()) {
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
