package dev.orderflow.asdeployed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.core.sync.RequestBody.fromString;

import dev.orderflow.defaults.text.Sha256;
import dev.orderflow.topology.Topology;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.TaskFailedEventDetails;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Topic;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import tools.jackson.databind.JsonNode;

/// Every path of the system, with only the permissions that the stacks grant.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuthorizationTest {

    private static final String WORKFLOW =
            "arn:aws:states:us-east-1:%s:stateMachine:order-workflow"
                    .formatted(DeployedSystem.ACCOUNT);
    private static final String CONNECTION = "orderflow-internal-api";
    private static final String INVALID_CONNECTION =
            "Events.ConnectionResource.InvalidConnectionState";
    private static final String FIRST_KEY = "ORDERFLOW_INTERNALAPI_KEYS_0";
    private static final String NEXT_KEY = "ORDERFLOW_INTERNALAPI_KEYS_1";

    /// The services that the workflow calls.
    private static final List<String> CALLED_WITH_THE_KEY =
            List.of("order-service", "inventory-service", "payment-service");

    private static final List<String> CALLING_WITH_THE_KEY =
            List.of(
                    "inventory-service",
                    "shipping-service",
                    "notification-service",
                    "operations-console");

    private static final String OPERATOR = "orderflow-operator";
    private static final String CLAIM_CHECKS =
            "orderflow-claim-checks-%s-us-east-1".formatted(DeployedSystem.ACCOUNT);
    private static final String UNREADABLE = "events/unreadable.json";
    private static final String NONSENSE = "\"nonsense\"";

    /// An archive that operators may not replay: they may replay the one of the stacks.
    private static final String OTHER_ARCHIVE = "orderflow-archive-of-another";

    /// What operators may not do with the key of the internal API, which is for machines.
    private static final String READING_THE_KEY =
            "assumed-role/orderflow-operator/local-cloud is not authorized to perform:"
                    + " secretsmanager:GetSecretValue";

    private static final List<String> EXPECTED_DENIALS =
            List.of(UNREADABLE, OTHER_ARCHIVE, READING_THE_KEY);

    private static final Topology TOPOLOGY = Topology.load();
    private static final String UNDELIVERED = TOPOLOGY.undelivered().queue();
    private static final List<String> QUEUES =
            TOPOLOGY.queues().stream().map(Topology.QueueSpec::name).toList();

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

    /// The workflow repeats a call that fails because of its connection. The rule that reports such
    /// events is checked by the last tests, because its alarm is evaluated once a minute.
    @Test
    @Order(1)
    void anOrderShipsAfterItsConnectionWasDeauthorizedAndAuthorizedAgain() {
        try (var events = administrator(EventBridgeClient.builder());
                var operator = operator(EventBridgeClient.builder())) {
            events.deauthorizeConnection(it -> it.name(CONNECTION));
            assertThat(stateOfConnection(operator)).isEqualTo(ConnectionState.DEAUTHORIZED);
            var order = api.order(api.article("12.50", 1), 1, Api.VISA);
            api.awaitTrue(
                    "a task fails because of the connection",
                    () -> taskErrors(order).contains(INVALID_CONNECTION));
            updateConnection(events, system.internalApiKey());
            assertThat(stateOfConnection(operator)).isEqualTo(ConnectionState.ACTIVE);
            api.awaitState(order, "SHIPPED");
        }
    }

    /// The errors of failed tasks in the execution of an order; none before the execution starts.
    private static List<String> taskErrors(String order) {
        try (var states = states()) {
            return states
                    .getExecutionHistoryPaginator(it -> it.executionArn(executionOf(order)))
                    .events()
                    .stream()
                    .map(HistoryEvent::taskFailedEventDetails)
                    .filter(Objects::nonNull)
                    .map(TaskFailedEventDetails::error)
                    .toList();
        } catch (ExecutionDoesNotExistException _) {
            return List.of();
        }
    }

    private static String executionOf(String order) {
        return "arn:aws:states:us-east-1:%s:execution:order-workflow:%s"
                .formatted(DeployedSystem.ACCOUNT, order);
    }

    private static ConnectionState stateOfConnection(EventBridgeClient events) {
        return events.describeConnection(it -> it.name(CONNECTION)).connectionState();
    }

    private static void updateConnection(EventBridgeClient events, String key) {
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

    @Test
    @Order(2)
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

    /// The carrier does not deliver to that country, so shipping-service fails the workflow's task.
    @Test
    @Order(2)
    void anOrderIsRejectedWhenTheCarrierRefusesItsParcel() {
        var skus = List.of(api.article("12.50", 1));
        api.awaitState(api.order(skus, 1, Api.VISA, "AQ"), "REJECTED");
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
                {"decision":"APPROVE","note":"known customer"}""");
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
        assertThat(
                        api.internal(
                                        "POST",
                                        "order-service",
                                        "/internal/orders/" + order + "/workflow/start",
                                        "")
                                .path("result")
                                .asString())
                .as("an operator starts a workflow that is already running")
                .isEqualTo("RUNNING");
        api.asCustomer("POST", "/orders/" + order + "/cancellation", "");
        api.awaitState(order, "CANCELLED");
    }

    /// The evaluation error of an expression occurs before the payment is authorised.
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

    /// The event of an execution contains the unqualified ARN of the state machine, whichever alias
    /// started it.
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
            states.stopExecution(stop -> stop.executionArn(executionOf(order)));
        }
        api.awaitTrue(
                "the order needs attention",
                () ->
                        api.internal("order-service", "/internal/orders/" + order)
                                .path("needsAttention")
                                .asBoolean(false));
        try (var operator = operator(SfnClient.builder())) {
            assertThat(
                            operator.getExecutionHistory(
                                            it ->
                                                    it.executionArn(executionOf(order))
                                                            .reverseOrder(true))
                                    .events()
                                    .getFirst()
                                    .typeAsString())
                    .isEqualTo("ExecutionAborted");
        }
    }

    /// Each consumer reads the detail of its message from S3. At first S3 denies the call, and the
    /// consumer delays the message; then the consumer cannot parse the detail.
    @Test
    @Order(6)
    void anUnreadableMessageIsDeadLetteredAndListedForTheOperator() {
        try (var sqs = administrator(SqsClient.builder());
                var s3 = administrator(S3Client.builder().forcePathStyle(true));
                var operator = operator(S3Client.builder().forcePathStyle(true))) {
            s3.putObject(it -> it.bucket(CLAIM_CHECKS).key(UNREADABLE), fromString(NONSENSE));
            system.deny(CLAIM_CHECKS, UNREADABLE);
            for (var queue : QUEUES) {
                send(sqs, queue, claimCheckOf(UNREADABLE, NONSENSE));
            }
            api.awaitTrue(
                    "each consumer delays its message",
                    () ->
                            QUEUES.stream()
                                    .allMatch(
                                            queue ->
                                                    isUsed(
                                                            "sqs:ChangeMessageVisibility",
                                                            ":" + queue)));
            system.denyNoMore(CLAIM_CHECKS);
            send(sqs, UNDELIVERED, NONSENSE);
            inParallel(
                    QUEUES,
                    queue -> {
                        awaitDeadLetters(queue + "-dlq");
                        // A redrive does not change a message, so it is dead-lettered again,
                        // and the canary fails.
                        act(queue + "-dlq", "redrive", true);
                        awaitDeadLetters(queue + "-dlq");
                        discardAndRestore(queue + "-dlq");
                    });
            awaitDeadLetters(UNDELIVERED);
            api.internal("operations-console", "/internal/operations/dead-letters");
            discardAndRestore(UNDELIVERED);
            // As the runbook looks for the object that a dead letter's reason names.
            operator.headObject(it -> it.bucket(CLAIM_CHECKS).key(UNREADABLE));
        }
    }

    private static boolean isUsed(String action, String resource) {
        return system.accessControl().usedGrants().stream()
                .anyMatch(it -> it.action().equals(action) && it.resource().endsWith(resource));
    }

    private static void send(SqsClient sqs, String queue, String body) {
        var url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
        sqs.sendMessage(send -> send.queueUrl(url).messageBody(body));
    }

    private static String claimCheckOf(String key, String detail) {
        return """
               {"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602","detail-type":"OrderShipped",
                "source":"orderflow.workflow","account":"%s","time":"2026-11-02T09:15:30Z",
                "region":"us-east-1","resources":[],
                "detail":{"claimCheck":{"bucket":"%s","key":"%s","bytes":%d,"sha256":"%s"}}}"""
                .formatted(
                        DeployedSystem.ACCOUNT,
                        CLAIM_CHECKS,
                        key,
                        detail.length(),
                        Sha256.hex(detail));
    }

    private static void inParallel(List<String> queues, Consumer<String> action) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(
                            queues.stream()
                                    .map(
                                            queue ->
                                                    CompletableFuture.runAsync(
                                                            () -> action.accept(queue), threads))
                                    .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    private static void awaitDeadLetters(String queue) {
        api.awaitTrue(
                queue + " has some",
                () ->
                        api.internal(
                                                "operations-console",
                                                "/internal/operations/dead-letters/" + queue)
                                        .path("messages")
                                        .size()
                                > 0);
    }

    /// Discards the messages of a dead-letter queue, restores one, and discards it again.
    private static void discardAndRestore(String queue) {
        act(queue, "discard", false);
        var discarded =
                api.internal(
                                "operations-console",
                                "/internal/operations/discarded-messages?queue=" + queue)
                        .path("messages");
        assertThat(discarded).as("discarded messages of " + queue).isNotEmpty();
        api.internal(
                "POST",
                "operations-console",
                "/internal/operations/discarded-messages/%s/%s/restoration"
                        .formatted(queue, discarded.path(0).path("messageId").asString()),
                "{\"reason\":\"a test\"}");
        awaitDeadLetters(queue);
        act(queue, "discard", false);
    }

    private static void act(String queue, String verb, boolean canary) {
        api.finish(
                api.internal(
                        "POST",
                        "operations-console",
                        "/internal/operations/dead-letters/%s/%s".formatted(queue, verb),
                        """
                        {"all":true,"force":true,"perSecond":100,"canary":%s,"reason":"a test"}"""
                                .formatted(canary)));
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
                        {"all":true,"force":true,"perSecond":100,"reason":"a test"}"""));
    }

    /// The event exceeds the limit of the bus, and every consumer reads it from the bucket.
    @Test
    @Order(6)
    void theEventOfAnOrderWithManyLinesIsSentAsAClaimCheck() {
        var skus = new ArrayList<String>();
        for (int line = 0; line < 25; line++) {
            skus.add(api.article("2.00", 10));
        }
        api.awaitState(api.order(skus, 1, Api.VISA), "SHIPPED");
    }

    /// While the order waits, shipping-service sends heartbeats.
    @Test
    @Order(6)
    void anOrderWaitsForTheCarrierAndShips() {
        setCarrierAvailable("false");
        String order;
        try {
            order = api.order(api.article("12.50", 1), 1, Api.VISA);
            api.awaitTrue(
                    "a heartbeat", () -> isUsed("states:SendTaskHeartbeat", "order-workflow"));
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
    @Order(8)
    void aCustomersPersonalDataIsShownAndErased() {
        var path = "/internal/operations/customers/" + api.customer();
        api.internal("operations-console", path + "/personal-data");
        api.internal("POST", "operations-console", path + "/erasure", "{\"reason\":\"asked for\"}");
    }

    /// The steps of the runbook that rebuilds the projections, with the operators' permissions.
    @Test
    @Order(6)
    void anOperatorReplaysTheArchiveAndTheProjectionsAreWhatTheyWere() {
        var order = api.order(api.article("12.50", 2), 2, Api.VISA);
        api.awaitState(order, "SHIPPED");
        api.awaitTrue("its events are counted", () -> facts(order).size() == 3);
        awaitEmpty("analytics");
        var figures = figures();
        awaitShippedMail(order);
        var mails = subjects(order);
        api.internal(
                "POST",
                "analytics-service",
                "/internal/projections/reset",
                "{\"reason\":\"a test\"}");
        assertThat(facts(order)).isEmpty();
        try (var operator = operator(EventBridgeClient.builder())) {
            var archive =
                    operator.describeArchive(it -> it.archiveName(TOPOLOGY.archive().name()))
                            .archiveArn();
            var bus = operator.describeEventBus(it -> it.name(TOPOLOGY.bus())).arn();
            operator.startReplay(
                    it ->
                            it.replayName("rebuild-1")
                                    .eventSourceArn(archive)
                                    .destination(to -> to.arn(bus))
                                    .eventStartTime(Instant.now().minus(Duration.ofDays(1)))
                                    .eventEndTime(Instant.now()));
            api.awaitTrue(
                    "the replay is complete",
                    () ->
                            operator.describeReplay(it -> it.replayName("rebuild-1")).state()
                                    == ReplayState.COMPLETED);
            assertThatThrownBy(
                            () ->
                                    operator.startReplay(
                                            it ->
                                                    it.replayName("of-another")
                                                            .eventSourceArn(archive + "-of-another")
                                                            .destination(to -> to.arn(bus))
                                                            .eventStartTime(Instant.EPOCH)
                                                            .eventEndTime(Instant.now())))
                    .hasMessageContaining(OTHER_ARCHIVE);
        }
        api.awaitTrue("the figures are what they were", () -> figures().equals(figures));
        assertThat(facts(order)).hasSize(3);
        awaitEmpty("notifications");
        assertThat(subjects(order)).as("no e-mail is sent again").isEqualTo(mails);
    }

    private static JsonNode facts(String order) {
        return api.internal("analytics-service", "/internal/facts/" + order).path("facts");
    }

    private static List<JsonNode> figures() {
        var summary = api.internal("analytics-service", "/internal/summary");
        return List.of(summary.path("orders"), summary.path("revenue"));
    }

    /// The confirmation e-mail may be omitted if the shipment e-mail was sent first.
    private static void awaitShippedMail(String order) {
        api.awaitTrue(
                "its customer is notified of the shipment",
                () -> subjects(order).contains("Your order is on its way"));
        awaitEmpty("notifications");
    }

    /// The subjects of the e-mails that contain an order id.
    private static List<String> subjects(String order) {
        return api.send("GET", system.cloud().endpoint(), "/_aws/ses", Map.of(), "")
                .path("messages")
                .valueStream()
                .filter(mail -> mail.path("Body").toString().contains(order))
                .map(mail -> mail.path("Subject").asString())
                .toList();
    }

    /// local-cloud returns AWS's error for a sender that is not verified, and notification-service
    /// treats it as a configuration error of the account, so that no e-mail is lost.
    @Test
    @Order(6)
    void anEmailWhoseSenderIsNotVerifiedWaitsUntilItIs() {
        try (var ses = administrator(SesV2Client.builder())) {
            awaitEmpty("notifications");
            var deadLetters = depth("notifications-dlq");
            String order;
            ses.deleteEmailIdentity(it -> it.emailIdentity(mailDomain()));
            try {
                order = api.order(api.article("12.50", 1), 1, Api.VISA);
                api.awaitState(order, "SHIPPED");
                api.awaitTrue("its e-mails wait", () -> depth("notifications") > 0);
                assertThat(subjects(order)).isEmpty();
            } finally {
                ses.createEmailIdentity(it -> it.emailIdentity(mailDomain()));
            }
            awaitShippedMail(order);
            assertThat(subjects(order)).doesNotHaveDuplicates();
            assertThat(depth("notifications-dlq")).isEqualTo(deadLetters);
        }
    }

    private static String mailDomain() {
        return Objects.requireNonNull(
                        system.task("notification-service")
                                .environment()
                                .get("ORDERFLOW_NOTIFICATION_FROM"))
                .replaceAll(".*@|>", "");
    }

    private static void awaitEmpty(String queue) {
        api.awaitTrue(queue + " is empty", () -> depth(queue) == 0);
    }

    /// The number of messages, visible and in flight.
    private static int depth(String queue) {
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

    /// The other queries of the runbooks, as far as local-cloud supports them.
    @Test
    @Order(6)
    void anOperatorSeesWhatTheRunbooksLookAt() {
        // The key is for machines; an operator signs in.
        assertThatThrownBy(() -> system.internalApiKeyFor(OPERATOR))
                .hasMessageContaining(READING_THE_KEY);
        try (var mail = operator(SesV2Client.builder());
                var topics = operator(SnsClient.builder());
                var cloudWatch = operator(CloudWatchClient.builder())) {
            var topic =
                    topics.listTopics().topics().stream()
                            .map(Topic::topicArn)
                            .filter(arn -> arn.endsWith("order-notifications"))
                            .findFirst()
                            .orElseThrow();
            mail.getEmailIdentity(it -> it.emailIdentity(mailDomain()));
            topics.listSubscriptionsByTopic(it -> it.topicArn(topic));
            cloudWatch.describeAlarms(it -> it.stateValue(StateValue.ALARM));
        }
        assertThat(
                        api.internal("operations-console", "/internal/operations/alarms?all=true")
                                .path("alarms"))
                .isNotEmpty();
    }

    /// Deleting the key makes all personal data unreadable, so the deletion can be cancelled for
    /// days.
    @Test
    @Order(6)
    void anOperatorKeepsTheKeyOfPersonalDataFromBeingDeleted() {
        var key =
                system.task("order-service")
                        .environment()
                        .get("ORDERFLOW_ORDER_PERSONALDATA_KMSKEYID");
        try (var kms = administrator(KmsClient.builder());
                var operator = operator(KmsClient.builder())) {
            kms.scheduleKeyDeletion(it -> it.keyId(key));
            assertThat(operator.describeKey(it -> it.keyId(key)).keyMetadata().keyState())
                    .isEqualTo(KeyState.PENDING_DELETION);
            operator.cancelKeyDeletion(it -> it.keyId(key));
            operator.enableKey(it -> it.keyId(key));
            assertThat(operator.describeKey(it -> it.keyId(key)).keyMetadata().enabled()).isTrue();
        }
    }

    /// The steps of deploy/README.md, "Change keys and secrets". Meanwhile orders are placed, and
    /// each of them ships and is notified: no caller sends a rejected key for longer than it
    /// retries. Each step replaces only the tasks that it affects: the services that are called, or
    /// those that call.
    @Test
    @Order(7)
    void theKeyOfTheInternalApiIsRotatedWhileOrdersRun() throws SQLException {
        var before = system.internalApiKey();
        addKeyOfAFormerMasterKey();
        system.putSecret(NEXT_KEY, "the-new-key-of-the-internal-api-0001");
        var orders = new ArrayList<>(replaceTasks(CALLED_WITH_THE_KEY));
        var key = system.secret(NEXT_KEY);
        system.putSecret(FIRST_KEY, key);
        system.putSecret(NEXT_KEY, before);
        try (var events = administrator(EventBridgeClient.builder())) {
            updateConnection(events, key);
            orders.addAll(replaceTasks(CALLING_WITH_THE_KEY));
            system.putSecret(NEXT_KEY, "another-new-key-of-the-internal-api-0002");
            orders.addAll(replaceTasks(CALLED_WITH_THE_KEY));
            orders.forEach(order -> api.awaitState(order, "SHIPPED"));
            awaitEmpty("notifications");
            // The new task has no data key in memory, so it asks KMS for that of an older order.
            api.internal("order-service", "/internal/orders/" + orders.getFirst() + "/contact");
            assertThat(stateOfConnection(events)).isEqualTo(ConnectionState.ACTIVE);
        }
        assertThat(
                        api.status(
                                "GET",
                                system.internal("inventory-service"),
                                "/internal/stock",
                                Map.of("X-Api-Key", before)))
                .as("the old key is rejected")
                .isEqualTo(403);
        api.awaitTrue(
                "data of the former master key is encrypted again",
                () -> isUsed("kms:Encrypt", ""));
    }

    /// Places orders before, during and after the replacement. During it, the old and the new task
    /// of each service run.
    private static List<String> replaceTasks(List<String> services) {
        var orders = new ConcurrentLinkedQueue<String>();
        Runnable placeOrder = () -> orders.add(api.order(api.article("12.50", 1), 1, Api.VISA));
        placeOrder.run();
        system.replaceTasks(services, placeOrder);
        placeOrder.run();
        return List.copyOf(orders);
    }

    /// Adds a data key that was encrypted with a former master key, whose policy allows
    /// order-service to decrypt with it.
    private static void addKeyOfAFormerMasterKey() throws SQLException {
        try (var kms = administrator(KmsClient.builder());
                var database = system.database("order-service");
                var insert =
                        database.prepareStatement(
                                "INSERT INTO data_key (id, wrapped_key, master_key_id) VALUES (?, ?, ?)")) {
            var former = kms.createKey().keyMetadata().arn();
            system.allow(former, "order-service", "kms:Decrypt");
            var id = UUID.randomUUID();
            var made =
                    kms.generateDataKey(
                            it ->
                                    it.keyId(former)
                                            .keySpec(DataKeySpec.AES_256)
                                            .encryptionContext(
                                                    Map.of(
                                                            "service", "order-service",
                                                            "purpose", "personal-data",
                                                            "data-key", id.toString())));
            insert.setObject(1, id);
            insert.setBytes(2, made.ciphertextBlob().asByteArray());
            insert.setString(3, former);
            insert.executeUpdate();
        }
    }

    private static SfnClient states() {
        return administrator(SfnClient.builder());
    }

    private static <B extends AwsClientBuilder<B, C>, C> C administrator(B builder) {
        return client(builder, "administrator");
    }

    /// A client with the permissions of the operators on call.
    private static <B extends AwsClientBuilder<B, C>, C> C operator(B builder) {
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

    /// A rule counts the events of the connection; its alarm is evaluated once a minute.
    @Test
    @Order(9)
    void theDeauthorizedConnectionHasRaisedAnAlarm() {
        try (var cloudWatch = administrator(CloudWatchClient.builder())) {
            api.awaitTrue(
                    "the alarm went off",
                    () ->
                            cloudWatch
                                    .describeAlarmHistory(it -> it.alarmName("workflow-connection"))
                                    .alarmHistoryItems()
                                    .stream()
                                    .anyMatch(it -> it.historySummary().endsWith("to ALARM")));
        }
    }

    /// Runs last, after all journeys.
    @Test
    @Order(9)
    void nothingWasDenied() {
        assertThat(system.accessControl().denials())
                .filteredOn(denial -> EXPECTED_DENIALS.stream().noneMatch(denial::contains))
                .isEmpty();
    }

    /// A permission that no journey uses is either superfluous or untested. Those that must remain
    /// are listed with a reason, which must be true.
    @Test
    @Order(9)
    void everyPermissionIsUsedOrListedWithAReason() {
        var unused = new TreeSet<>(system.accessControl().grants());
        assertThat(unused).hasSizeGreaterThan(280);
        var used = system.accessControl().usedGrants();
        int all = unused.size();
        unused.removeAll(used);
        System.out.printf(
                "%d permissions: %d were used, %d are listed with a reason%n",
                all, all - unused.size(), unused.size());
        assertThat(UnusedRights.withoutReason(unused))
                .as("unused permissions without a reason")
                .isEmpty();
        assertThat(UnusedRights.untrueReasons(used, unused))
                .as("reasons for permissions that were used or do not exist")
                .isEmpty();
    }
}
